using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using ServeFlow.Cascade;
using ServeFlow.Grpc;
using ServeFlow.Grpc.Protocol;
using ServeFlow.Service.Inference;
using Described = ServeFlow.Grpc.Protocol.ModelMetadataResponse.Types.TensorMetadata;
using OwnMetadata = ServeFlow.Serving.RemoteTiers.ModelMetadata;
using OutputTensor = ServeFlow.Grpc.Protocol.ModelInferResponse.Types.InferOutputTensor;

namespace ServeFlow.Service;

/// <summary>Answers the calls of the Open Inference Protocol by gRPC, as <see cref="InferenceApi"/> does over HTTP.
/// </summary>
sealed class GrpcInference(IRunningSensor sensor) : GRPCInferenceService.GRPCInferenceServiceBase
{
    public override Task<ServerLiveResponse> ServerLive(ServerLiveRequest request, ServerCallContext context) =>
        AnswerAsync(() => new ServerLiveResponse { Live = true });

    public override Task<ServerReadyResponse> ServerReady(ServerReadyRequest request, ServerCallContext context) =>
        AnswerAsync(() => new ServerReadyResponse { Ready = sensor.Unready is null });

    public override Task<ServerMetadataResponse> ServerMetadata(ServerMetadataRequest request,
        ServerCallContext context) => AnswerAsync(() => new ServerMetadataResponse
        {
            Name = SensorApi.ServerName,
            Version = SensorApi.ServerVersion,
        });

    public override Task<ModelReadyResponse> ModelReady(ModelReadyRequest request, ServerCallContext context) =>
        AnswerAsync(() => new ModelReadyResponse
        {
            Ready = sensor.Models.ReadyPlans().Any(plan => plan.Name == request.Name
                && (request.Version.Length == 0 || plan.Version == request.Version)),
        });

    public override Task<ModelMetadataResponse> ModelMetadata(ModelMetadataRequest request,
        ServerCallContext context) => AnswerAsync(() => Describe(Find(request.Name, request.Version)));

    public override Task<ModelInferResponse> ModelInfer(ModelInferRequest request, ServerCallContext context) =>
        AnswerAsync(async () =>
        {
            var plan = Find(request.ModelName, request.ModelVersion);
            await InferenceApi.Gate.WaitAsync(context.CancellationToken);
            try
            {
                return Infer(plan, request);
            }
            finally
            {
                InferenceApi.Gate.Release();
            }
        });

    CascadePlan Find(string name, string version) =>
        InferenceApi.Find(sensor.Models, name, version.Length == 0 ? null : version);

    Task<T> AnswerAsync<T>(Func<T> answer) => AnswerAsync(() => Task.FromResult(answer()));

    /// <summary>Answers what does not fit with a status and the field. A failure of the sensor itself is reported.
    /// </summary>
    async Task<T> AnswerAsync<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (RequestException e)
        {
            throw new RpcException(new(e.Status switch
            {
                404 => StatusCode.NotFound,
                422 => StatusCode.FailedPrecondition,
                _ => StatusCode.InvalidArgument,
            }, e.Message));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            sensor.Report($"gRPC: {typeof(T).Name}: failed: {e}");
            throw new RpcException(new(StatusCode.Internal, "the sensor failed to answer; its log says why"));
        }
    }

    ModelMetadataResponse Describe(CascadePlan plan)
    {
        var signature = new ModelSignature(plan);
        var tier = plan.Tiers[^1];
        var described = new ModelMetadataResponse
        {
            Name = plan.Name,
            Platform = OwnMetadata.OwnPlatform,
            Versions = { sensor.Models.ReadyPlans().Where(one => one.Name == plan.Name).Select(one => one.Version) },
            Inputs = { Tensor(ModelSignature.Input, signature.Datatype, -1, signature.Columns) },
            Outputs =
            {
                Tensor(ModelSignature.Probabilities, "FP32", -1, plan.Labels.Count),
                Tensor(ModelSignature.Label, "BYTES", -1),
                Tensor(ModelSignature.Scores, "FP32", -1, plan.Labels.Count),
            },
        };
        OwnProperties.Write(new(plan.Schema.Hash, tier.PacketDepth, plan.Labels, tier.ModelSha256),
            described.Properties);
        return described;
    }

    static Described Tensor(string name, string datatype, params ReadOnlySpan<long> shape) =>
        new() { Name = name, Datatype = datatype, Shape = { shape.ToArray() } };

    static ModelInferResponse Infer(CascadePlan plan, ModelInferRequest request)
    {
        var (rows, field) = ReadRows(request);
        var call = new TierCall(plan, new()
        {
            Inputs = [.. request.Inputs.Select(input => new InputTensor
            {
                Name = input.Name,
                Datatype = input.Datatype,
                Shape = input.Shape,
                BinarySize = rows.Length,
            })],
            Outputs = [.. request.Outputs.Select(output => output.Name)],
        });
        call.Rows.AddBinary(rows.Span, field);
        call.Answer();
        return Write(request.Id, call);
    }

    /// <summary>Finds the numbers of the input: in bytes, or one by one, as the protocol allows too.</summary>
    static (ByteString Rows, string Field) ReadRows(ModelInferRequest request)
    {
        var (raw, input) = (request.RawInputContents, request.Inputs.Count == 1 ? request.Inputs[0] : null);
        var hasContents = input?.Contents is { } contents && contents.CalculateSize() > 0;
        if (raw.Count == 0 && !hasContents)
        {
            throw RequestException.Field("raw_input_contents", "is missing: give the numbers of the input");
        }

        if (raw.Count > 1 || (raw.Count == 1 && hasContents))
        {
            throw RequestException.Field("raw_input_contents",
                $"has {raw.Count} contents: give those of the input once, here or in inputs[0].contents");
        }

        return raw.Count == 1 ? (raw[0], "raw_input_contents[0]")
            : input!.Datatype == "FP32" ? (ReadFloats(input.Contents), "inputs[0].contents.fp32_contents")
            : (ReadBytes(input.Contents), "inputs[0].contents.int_contents");
    }

    static ByteString ReadFloats(InferTensorContents contents) =>
        ByteString.CopyFrom(MemoryMarshal.AsBytes(contents.Fp32Contents.ToArray().AsSpan()));

    static ByteString ReadBytes(InferTensorContents contents)
    {
        var bytes = new byte[contents.IntContents.Count];
        foreach (var (place, number) in contents.IntContents.Index())
        {
            bytes[place] = number is -1 or 0 or 1 ? unchecked((byte)number) : throw RequestException.Field(
                $"inputs[0].contents.int_contents[{place}]", $"{number}: give -1, 0 or 1");
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }

    static ModelInferResponse Write(string id, TierCall call)
    {
        var answer = new ModelInferResponse
        {
            Id = id,
            ModelName = call.Plan.Name,
            ModelVersion = call.Plan.Version,
        };
        if (call.Plan.Tiers[^1].ModelSha256 is { } sha256)
        {
            answer.Parameters[OwnProperties.Sha256] = new() { StringParam = sha256 };
        }

        foreach (var name in call.Outputs)
        {
            var isLabel = name == ModelSignature.Label;
            answer.Outputs.Add(isLabel
                ? new OutputTensor { Name = name, Datatype = "BYTES", Shape = { call.Labels.Length } }
                : new OutputTensor
                {
                    Name = name,
                    Datatype = "FP32",
                    Shape = { call.Labels.Length, call.Plan.Labels.Count },
                });
            answer.RawOutputContents.Add(isLabel ? WriteLabels(call)
                : ByteString.CopyFrom(MemoryMarshal.AsBytes(call.Numbers(name).AsSpan())));
        }

        return answer;
    }

    /// <summary>Writes each label with its length before it, as the protocol has bytes in raw contents.</summary>
    static ByteString WriteLabels(TierCall call)
    {
        var bytes = new MemoryStream();
        foreach (var label in call.Labels)
        {
            var text = System.Text.Encoding.UTF8.GetBytes(call.Plan.Labels[label]);
            bytes.Write(BitConverter.GetBytes(text.Length));
            bytes.Write(text);
        }

        return ByteString.CopyFrom(bytes.ToArray());
    }
}
