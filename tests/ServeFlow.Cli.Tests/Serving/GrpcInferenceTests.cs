using System.Net;
using System.Runtime.Versioning;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Grpc.Net.Client;
using ServeFlow.Cli.Tests.Commands;
using ServeFlow.Grpc;
using ServeFlow.Grpc.Protocol;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>A sensor answers inference by gRPC, over a real socket.</summary>
[UnsupportedOSPlatform("windows")]
public sealed partial class GrpcInferenceTests : ServedSensor
{
    const int Columns = 640; // 10 packets of UDP's header

    static readonly Metadata shown = new() { { "authorization", $"Bearer {Token}" } };

    [Fact]
    public async Task Calls_RightAndWrong_AreAnsweredByTheProtocol()
    {
        Serve("--http 127.0.0.1:0 --http-token-file token --grpc 127.0.0.1:0");
        var address = AwaitAddress();
        using var channel = GrpcChannel.ForAddress($"http://{address}");
        var client = new GRPCInferenceService.GRPCInferenceServiceClient(channel);

        Assert.True((await client.ServerLiveAsync(new(), shown, cancellationToken: Cancel)).Live);
        Assert.True((await client.ServerReadyAsync(new(), shown, cancellationToken: Cancel)).Ready);
        Assert.Equal("serveflow", (await client.ServerMetadataAsync(new(), shown, cancellationToken: Cancel)).Name);
        Assert.True(client.ModelReady(new() { Name = "bundle" }, shown, cancellationToken: Cancel).Ready);
        Assert.False(client.ModelReady(new() { Name = "other" }, shown, cancellationToken: Cancel).Ready);
        var model = client.ModelMetadata(new() { Name = "bundle", Version = "1" }, shown, cancellationToken: Cancel);
        Assert.Equal([-1, Columns], model.Inputs[0].Shape);
        Assert.Equal("10", model.Properties["packets"]);

        var raw = client.ModelInfer(Request(rows: 2), shown, cancellationToken: Cancel);
        Assert.Equal(["probabilities", "label"], raw.Outputs.Select(output => output.Name));
        Assert.Equal(2 * 2 * sizeof(float), raw.RawOutputContents[0].Length);
        Assert.Contains(Encoding.UTF8.GetString(raw.RawOutputContents[1].Span[4..10]), new[] { "camera", "plug\x4\0" });
        var typed = Request(rows: 2);
        typed.RawInputContents.Clear();
        typed.Inputs[0].Contents = new() { IntContents = { new int[2 * Columns] } };
        Assert.Equal(raw.RawOutputContents, client.ModelInfer(typed, shown, cancellationToken: Cancel)
            .RawOutputContents);

        (Action<ModelInferRequest> Spoil, StatusCode Status, string Said)[] cases =
        [
            (one => one.ModelName = "x", StatusCode.NotFound, "model 'x': there is none of this name that is ready; "
                + "ready are bundle 1"),
            (one => one.Inputs.Clear(), StatusCode.InvalidArgument, "inputs: has 0 tensors"),
            (one => one.Inputs[0].Datatype = "FP32", StatusCode.InvalidArgument, "inputs[0].datatype: 'FP32': give"),
            (one => one.Inputs[0].Shape[0] = 3, StatusCode.InvalidArgument, "raw_input_contents[0]: 1280 bytes, and"),
            (one => one.Inputs[0].Shape[1] = 3, StatusCode.InvalidArgument, "inputs[0].shape: [2, 3]: give"),
            (one => one.RawInputContents.Clear(), StatusCode.InvalidArgument, "raw_input_contents: is missing"),
            (one => one.RawInputContents[0] = Bytes(2, value: 7), StatusCode.InvalidArgument, "7: give -1, 0 or 1"),
            (one => one.Outputs.Add(Output("x")), StatusCode.InvalidArgument, "outputs[0].name: 'x'"),
            (one => one.Outputs.Add([Output("label"), Output("label")]), StatusCode.InvalidArgument,
                "outputs[1].name: 'label': is asked for twice"),
            (one => one.Outputs.Add(Enumerable.Repeat(Output("label"), 4)), StatusCode.InvalidArgument,
                "outputs: has 4 names"),
            (one => one.Inputs.Add(Enumerable.Repeat(one.Inputs[0], 300)), StatusCode.InvalidArgument, "more fields"),
            (one => one.Outputs.Add(Output(new('x', 5000))), StatusCode.InvalidArgument, "more fields"),
            (one => one.RawInputContents.Add(Bytes(2)), StatusCode.InvalidArgument,
                "raw_input_contents: has 2 contents"),
            (one => one.Inputs[0].Contents = new() { IntContents = { 1 } }, StatusCode.InvalidArgument,
                "raw_input_contents: has 1 contents"),
            (one => SetContents(one, new() { IntContents = { 1000 } }), StatusCode.InvalidArgument,
                "inputs[0].contents.int_contents[0]: 1000: give -1, 0 or 1"),
            (one => SetContents(one, new() { Fp32Contents = { 1 } }), StatusCode.InvalidArgument,
                "inputs[0].contents.int_contents: 0 bytes, and"),
            (one => one.RawInputContents[0] = Bytes(14_000), StatusCode.ResourceExhausted, "message"),
        ];
        foreach (var (spoil, status, said) in cases)
        {
            var request = Request(rows: 2);
            spoil(request);
            var refused = await Assert.ThrowsAsync<RpcException>(async () =>
                await client.ModelInferAsync(request, shown, cancellationToken: Cancel));
            Assert.Equal(status, refused.StatusCode);
            Assert.Contains(said, refused.Status.Detail, StringComparison.Ordinal);
        }

        Metadata zipped = [shown[0], new("grpc-internal-encoding-request", "gzip")];
        var compressed = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.ModelInferAsync(Request(rows: 2), zipped, cancellationToken: Cancel));
        Assert.Equal(StatusCode.Unimplemented, compressed.StatusCode);
        Assert.Contains("not compressed", compressed.Status.Detail, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.ServerLiveAsync(new(), cancellationToken: Cancel));
        Assert.Equal(StatusCode.Unauthenticated, unknown.StatusCode);
        Assert.StartsWith("Authorization: show the token", unknown.Status.Detail, StringComparison.Ordinal);
        using var other = new HttpRequestMessage(HttpMethod.Get, $"http://{address}/healthz")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "Authorization", $"Bearer {Token}" } },
        };
        using var http = new HttpClient();
        var answer = await http.SendAsync(other, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("inference by gRPC alone", await answer.Content.ReadAsStringAsync(Cancel));
        using var whole = new HttpRequestMessage(HttpMethod.Post,
            $"http://{address}/inference.GRPCInferenceService/ServerLive")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "Authorization", $"Bearer {Token}" } },
            Content = new ByteArrayContent(new byte[5]) { Headers = { ContentType = new("application/grpc") } },
        };
        var live = await http.SendAsync(whole, Cancel);
        await live.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal("0", live.TrailingHeaders.GetValues("grpc-status").Single());
        Assert.DoesNotContain("failed:", await File.ReadAllTextAsync(At("said"), Cancel));
    }

    [Fact]
    public void Properties_HashIsNotKnown_DoNotHaveIt()
    {
        var properties = new MapField<string, string>();
        OwnProperties.Write(new("schema", 10, ["camera"], Sha256: null), properties);

        Assert.DoesNotContain(OwnProperties.Sha256, properties.Keys);
    }

    string AwaitAddress()
    {
        ProgramProcess.Until(() => Listening().IsMatch(File.ReadAllText(At("said"))));
        return Listening().Match(File.ReadAllText(At("said"))).Groups[1].Value;
    }

    static void SetContents(ModelInferRequest request, InferTensorContents contents)
    {
        request.RawInputContents.Clear();
        request.Inputs[0].Contents = contents;
    }

    static ModelInferRequest.Types.InferRequestedOutputTensor Output(string name) => new() { Name = name };

    static ModelInferRequest Request(int rows) => new()
    {
        ModelName = "bundle",
        Inputs = { new ModelInferRequest.Types.InferInputTensor
        {
            Name = "features", Datatype = "INT8", Shape = { rows, Columns },
        } },
        RawInputContents = { Bytes(rows) },
    };

    static ByteString Bytes(int rows, byte value = 0)
    {
        var bytes = new byte[rows * Columns];
        bytes.AsSpan().Fill(value);
        return ByteString.CopyFrom(bytes);
    }

    [GeneratedRegex(@"answering gRPC on grpc://(\S+)\n")]
    private static partial Regex Listening();
}
