using System.Buffers;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using ServeFlow.Grpc.Protocol;
using ServeFlow.Serving.RemoteTiers;
using ServeFlow.Telemetry;
using ModelMetadata = ServeFlow.Serving.RemoteTiers.ModelMetadata;

namespace ServeFlow.Grpc;

/// <summary>Carries the calls of the Open Inference Protocol by gRPC.</summary>
public sealed class GrpcTransport : IInferenceTransport
{
    /// <summary>Specifies what servers of gRPC take in a message by default, less what stands around rows.</summary>
    const int MaxRequestBytes = (4 << 20) - (16 << 10);

    readonly GrpcChannel channel;
    readonly GRPCInferenceService.GRPCInferenceServiceClient client;
    readonly Metadata headers = [];
    readonly string name;
    readonly string version;

    /// <exception cref="InputException">The token cannot be read.</exception>
    public GrpcTransport(RemoteTierOptions options)
    {
        var path = options.Url.AbsolutePath.Split('/')[1..].Select(Uri.UnescapeDataString).ToArray();
        (name, version) = (path[0], path.Length > 1 ? path[1] : "");
        if (options.ReadToken?.Invoke() is { } token)
        {
            headers.Add("authorization", $"Bearer {token}");
        }

        var scheme = options.Url.Scheme == "grpcs" ? "https" : "http";
        channel = GrpcChannel.ForAddress($"{scheme}://{options.Url.Authority}", new()
        {
            HttpHandler = CreateHandler(),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = RemoteConnections.MaxAnswerBytes,
            MaxRetryAttempts = 1, // a batch is sent again by its own rules
            ThrowOperationCanceledOnCancellation = true,
        });
        client = new(channel);
    }

    public int MaxBytes => MaxRequestBytes;

    public async Task<ModelMetadata> ReadMetadataAsync(CancellationToken limit)
    {
        var said = await AskAsync(client.ModelMetadataAsync(new() { Name = name, Version = version }, headers,
            cancellationToken: limit), limit);
        return new([.. said.Inputs.Select(Describe)], [.. said.Outputs.Select(Describe)],
            said.Platform == ModelMetadata.OwnPlatform ? OwnProperties.Read(said.Properties) : null);
    }

    public async Task InferAsync(InferenceModel model, InferenceRows rows, Memory<float> values,
        CancellationToken limit)
    {
        var length = rows.Count * rows.RowBytes;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        for (var row = 0; row < rows.Count; row++)
        {
            rows.Write(row, buffer.AsSpan(row * rows.RowBytes, rows.RowBytes));
        }

        var request = CreateRequest(model, rows.Count);
        request.RawInputContents.Add(UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, length)));
        var answer = await AskAsync(client.ModelInferAsync(request, headers, cancellationToken: limit), limit);
        ArrayPool<byte>.Shared.Return(buffer); // after a failure it may still be being sent
        GrpcAnswer.Read(answer, model, values.Span);
    }

    public void Dispose() => channel.Dispose();

    /// <summary>
    /// All calls share a connection. One whose packets are not acknowledged is given up after some time, so that calls
    /// get a new one: HTTP/1.1 has a connection for each call, and closes it with the call.
    /// </summary>
    static SocketsHttpHandler CreateHandler()
    {
        var handler = RemoteConnections.CreateHandler();
        handler.EnableMultipleHttp2Connections = true;
        handler.ConnectCallback = async (context, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                GiveUpUnacknowledged(socket);
                await socket.ConnectAsync(context.DnsEndPoint, cancel);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        };
        return handler;
    }

    /// <summary>Sets Linux's <c>TCP_USER_TIMEOUT</c>, which .NET has no name for.</summary>
    static void GiveUpUnacknowledged(Socket socket)
    {
        const int tcp = 6;
        const int userTimeout = 18;
        const int milliseconds = 2_000;
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(tcp, userTimeout, BitConverter.GetBytes(milliseconds));
        }
    }

    static TensorMetadata Describe(ModelMetadataResponse.Types.TensorMetadata tensor) =>
        new(tensor.Name, tensor.Datatype, [.. tensor.Shape]);

    ModelInferRequest CreateRequest(InferenceModel model, int rows) => new()
    {
        ModelName = name,
        ModelVersion = version,
        Inputs = { new ModelInferRequest.Types.InferInputTensor
        {
            Name = model.Input,
            Datatype = model.Datatype,
            Shape = { rows, model.RowShape },
        } },
        Outputs = { new ModelInferRequest.Types.InferRequestedOutputTensor { Name = model.Output } },
    };

    static async Task<T> AskAsync<T>(AsyncUnaryCall<T> call, CancellationToken limit)
    {
        try
        {
            using (call)
            {
                return await call;
            }
        }
        catch (RpcException e)
        {
            throw Translate(e);
        }
        catch (OperationCanceledException e) when (!limit.IsCancellationRequested)
        {
            throw e.InnerException is RpcException cause ? Translate(cause)
                : new HttpRequestException("it broke the call off", e);
        }
    }

    /// <summary>A server that is busy or in trouble may answer the next time.</summary>
    static Exception Translate(RpcException e)
    {
        if (e.Status.DebugException is HttpRequestException or IOException)
        {
            return new HttpRequestException(e.Status.DebugException.Message, e);
        }

        var code = SnakeCase.From(e.StatusCode).ToUpperInvariant();
        var problem = $"it answers {code}: {InputException.Quote(e.Status.Detail.TrimEnd('.'),
            RefusalException.MaxCharacters)}"
            + (e.StatusCode == StatusCode.Unauthenticated ? RefusalException.TokenAdvice : "");
        return e.StatusCode is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists
            or StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.FailedPrecondition
            or StatusCode.OutOfRange or StatusCode.Unimplemented || IsTooLarge(e.Status)
            ? new RefusalException(problem) : new HttpRequestException(problem, e);
    }

    /// <summary>Determines whether a server does not take so large a message, as all libraries of gRPC say it. The same
    /// status tells of a server that is busy.</summary>
    static bool IsTooLarge(Status status) => status.StatusCode == StatusCode.ResourceExhausted
        && status.Detail.Contains("message", StringComparison.OrdinalIgnoreCase)
        && (status.Detail.Contains("larger than", StringComparison.OrdinalIgnoreCase)
            || status.Detail.Contains("exceeds", StringComparison.OrdinalIgnoreCase));
}
