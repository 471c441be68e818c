using System.Net;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServeFlow.Grpc.Protocol;
using OutputTensor = ServeFlow.Grpc.Protocol.ModelInferResponse.Types.InferOutputTensor;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>A small server of the Open Inference Protocol by gRPC, which answers as its test tells it to. It takes
/// messages of 4 MiB, as servers do by default.</summary>
sealed class GrpcModelServer : GRPCInferenceService.GRPCInferenceServiceBase, IAsyncDisposable
{
    readonly WebApplication app;

    GrpcModelServer(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port,
            listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        app = builder.Build();
        app.MapGrpcService<GrpcModelServer>();
    }

    /// <summary>Gets the address of its model.</summary>
    public string Url => $"grpc://127.0.0.1:{Port}/slow/1";

    public int Port => new Uri(app.Urls.First()).Port;

    /// <summary>Gets or sets its metadata.</summary>
    public ModelMetadataResponse Metadata { get; set; } = new();

    /// <summary>Gets or sets what answers a request; it receives the number, from 0.</summary>
    public Func<ModelInferRequest, int, ServerCallContext, Task<ModelInferResponse>> Answer { get; set; } =
        (request, _, _) => Task.FromResult(AnswerRaw(request));

    /// <summary>Gets the requests.</summary>
    public List<ModelInferRequest> Requests { get; } = [];

    /// <summary>Gets the header of the latest request that shows who asks.</summary>
    public string? Authorization { get; private set; }

    /// <param name="port">0 for any.</param>
    public static async Task<GrpcModelServer> StartAsync(int port = 0)
    {
        var server = new GrpcModelServer(port);
        await server.app.StartAsync();
        return server;
    }

    public static ModelMetadataResponse Describe(long columns, int classes, string datatype = "INT8") => new()
    {
        Name = "slow",
        Platform = "onnxruntime_onnx",
        Inputs = { new ModelMetadataResponse.Types.TensorMetadata
        {
            Name = "x", Datatype = datatype, Shape = { -1, columns },
        } },
        Outputs =
        {
            new ModelMetadataResponse.Types.TensorMetadata
            {
                Name = "probabilities", Datatype = "FP32", Shape = { -1, classes },
            },
            new ModelMetadataResponse.Types.TensorMetadata { Name = "label", Datatype = "INT64", Shape = { -1 } },
        },
    };

    /// <summary>Answers in raw contents, behind numbers of another output: the second class, the more so the later the
    /// row.</summary>
    public static ModelInferResponse AnswerRaw(ModelInferRequest request, int padding = 8)
    {
        var rows = (int)request.Inputs[0].Shape[0];
        return new()
        {
            Outputs =
            {
                new OutputTensor { Name = "label", Datatype = "INT64", Shape = { padding / 8 } },
                Output(rows),
            },
            RawOutputContents =
            {
                ByteString.CopyFrom(new byte[padding]),
                ByteString.CopyFrom(MemoryMarshal.AsBytes(Values(rows).AsSpan())),
            },
        };
    }

    /// <summary>Answers the same number by number.</summary>
    public static ModelInferResponse AnswerContents(ModelInferRequest request)
    {
        var rows = (int)request.Inputs[0].Shape[0];
        var output = Output(rows);
        output.Contents = new() { Fp32Contents = { Values(rows) } };
        return new() { Outputs = { output } };
    }

    public static OutputTensor Output(int rows) =>
        new() { Name = "probabilities", Datatype = "FP32", Shape = { rows, 2 } };

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request, ServerCallContext context)
    {
        Authorization = context.RequestHeaders.GetValue("authorization");
        return request is { Name: "slow", Version: "1" } ? Task.FromResult(Metadata)
            : throw new RpcException(new(StatusCode.NotFound, "there is no such model"));
    }

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context)
    {
        int number;
        lock (Requests)
        {
            number = Requests.Count;
            Requests.Add(request);
        }

        return Answer(request, number, context);
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    static float[] Values(int rows) => [.. Enumerable.Range(0, rows).SelectMany(row =>
        new[] { 1 - ModelServer.Second(row), ModelServer.Second(row) })];
}
