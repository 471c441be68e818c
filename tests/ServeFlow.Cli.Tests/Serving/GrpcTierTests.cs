using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using ServeFlow.Grpc;
using ServeFlow.Grpc.Protocol;
using ServeFlow.Serving.RemoteTiers;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>A tier that a server of the Open Inference Protocol computes, over real gRPC.</summary>
public sealed class GrpcTierTests : RemoteTierFixture
{
    [Theory]
    [InlineData("INT8", false)]
    [InlineData("INT8", true)]
    [InlineData("FP32", true)]
    public async Task Score_ServerAnswers_GivesItsProbabilities(string datatype, bool isRaw)
    {
        await using var server = await Start();
        server.Metadata = GrpcModelServer.Describe(Columns, 2, datatype);
        server.Answer = (request, _, _) => Task.FromResult(isRaw ? GrpcModelServer.AnswerRaw(request)
            : GrpcModelServer.AnswerContents(request));
        var batch = Send(Open(server.Url), flows: 3);

        Assert.Equal(RemoteOutcome.Answered, batch.Wait());
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(row =>
            (int)Math.Round((batch.Probabilities[(2 * row) + 1] - 0.5f) * 2048)));
        var sent = Assert.Single(server.Requests);
        Assert.Equal(("slow", "1", "x", datatype), (sent.ModelName, sent.ModelVersion, sent.Inputs[0].Name,
            sent.Inputs[0].Datatype));
        Assert.Equal(3 * Columns * (datatype == "INT8" ? 1 : 4), sent.RawInputContents[0].Length);
        Assert.All(datatype == "INT8" ? sent.RawInputContents[0].Select(value => (float)(sbyte)value)
            : MemoryMarshal.Cast<byte, float>(sent.RawInputContents[0].Span).ToArray(), value =>
            Assert.True(value is -1 or 0)); // a packet without any header
        Assert.Empty(Said);
    }

    [Fact]
    public async Task Score_MessagesBeyondTheUsualLimit_AreSentInPartsAndTakenWhole()
    {
        await using var server = await Start();
        server.Metadata = GrpcModelServer.Describe(Columns, 2, "FP32");
        server.Answer = (request, _, _) => Task.FromResult(GrpcModelServer.AnswerRaw(request, padding: 5 << 20));
        var batch = Send(Open(server.Url), RemoteBatch.Capacity);

        Assert.Equal(RemoteOutcome.Answered, batch.Wait());
        Assert.True(server.Requests.Count > 1 && server.Requests.TrueForAll(one => one.CalculateSize() <= 4 << 20));
        Assert.Equal(RemoteBatch.Capacity, server.Requests.Sum(one => one.Inputs[0].Shape[0]));
    }

    [Fact]
    public async Task Score_ServerFailsForAMoment_IsAskedAgain()
    {
        await using var server = await Start();
        server.Answer = (request, number, context) =>
        {
            if (number == 0)
            {
                context.GetHttpContext().Abort(); // the stream breaks
            }

            var status = number == 1 ? StatusCode.Unavailable : StatusCode.Cancelled;
            return number < 3 ? throw new RpcException(new(status, "is loading"))
                : Task.FromResult(GrpcModelServer.AnswerRaw(request));
        };

        Assert.Equal(RemoteOutcome.Answered, Send(Open(server.Url)).Wait());
        Assert.Equal(4, server.Requests.Count);
        Assert.Empty(Said);
    }

    [Fact]
    public async Task Score_StreamAlwaysBreaks_FailsAndIsSaidOnce()
    {
        await using var server = await Start();
        server.Answer = (request, _, context) =>
        {
            context.GetHttpContext().Abort();
            return Task.FromResult(GrpcModelServer.AnswerRaw(request));
        };
        var tier = Open(server.Url, deadlineMs: 2400);

        Assert.NotEqual(RemoteOutcome.Answered, Send(tier).Wait()); // a busy machine may be late
        Assert.NotEqual(RemoteOutcome.Answered, Send(tier).Wait());
        Assert.NotEqual(RemoteOutcome.Answered, Send(tier).Wait());
        Assert.StartsWith($"remote tier 'slow' at {server.Url}: ", Assert.Single(Said), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Said.Single());
    }

    [Fact]
    public async Task Score_SlowServer_IsLateAndSaidWhenItGoesOn()
    {
        await using var server = await Start();
        server.Answer = async (_, _, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return new();
        };
        var tier = Open(server.Url, deadlineMs: 1_000);

        for (var i = 0; i < 3; i++)
        {
            Assert.Empty(Said);
            Assert.Equal(RemoteOutcome.Late, Send(tier).Wait());
        }

        Assert.Contains("no answer within 1000 ms", Assert.Single(Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_ServerGoesAndComesBack_IsSaidBothTimes()
    {
        using var held = new Socket(SocketType.Stream, ProtocolType.Tcp); // nobody else gets the port in between
        held.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)held.LocalEndPoint!).Port;
        var server = await Start(port);
        var url = server.Url;
        var tier = Open(url);
        Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait());
        await server.DisposeAsync();

        Assert.Equal(RemoteOutcome.Lost, Send(tier, flows: 4, deadlineMs: 5_000).Wait());
        Assert.True(Factory!.Health.IsFailing);
        Assert.Contains("refused", Assert.Single(Said), StringComparison.OrdinalIgnoreCase);

        await using var next = await Start(port);
        Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait());
        Assert.False(Factory.Health.IsFailing);
        Assert.Equal($"remote tier 'slow' at {url}: answers again; 4 flows kept the answer of the tier before",
            Said.Last());
    }

    public static TheoryData<string, ModelInferResponse> AnswersThatDoNotFit => new()
    {
        { "its answer has no output 'probabilities'", new() },
        {
            "its answer has the shape [2,2] of FP32, and FP32 with [1, 2] is needed",
            new() { Outputs = { GrpcModelServer.Output(2) } }
        },
        { "its answer has 0 numbers, and 2 are needed", new() { Outputs = { GrpcModelServer.Output(1) } } },
        { "its answer has 4 bytes of numbers, and 8 are needed", Raw(0.5f) },
        { "row 0 of its answer holds no probabilities: their sum is NaN", Raw(float.NaN, 1) },
        { "row 0 of its answer holds no probabilities: their sum is 1.4", Raw(0.5f, 0.9f) },
        {
            "its answer has 2 raw contents for 1 outputs",
            new()
            {
                Outputs = { GrpcModelServer.Output(1) },
                RawOutputContents = { ByteString.Empty, ByteString.Empty },
            }
        },
    };

    [Theory]
    [MemberData(nameof(AnswersThatDoNotFit), DisableDiscoveryEnumeration = true)]
    public async Task Score_AnswerThatDoesNotFit_IsRefusedByName(string expected, ModelInferResponse answer)
    {
        await using var server = await Start();
        server.Answer = (_, _, _) => Task.FromResult(answer);

        Assert.Equal(RemoteOutcome.Refused, Send(Open(server.Url)).Wait());
        Assert.Contains(expected, Assert.Single(Said), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Score_ServerTakesNoMessageOfThisSize_IsRefused()
    {
        await using var server = await Start();
        server.Answer = (_, _, _) => throw new RpcException(new(StatusCode.ResourceExhausted,
            "Received message larger than max (5000000 vs. 4194304)"));

        Assert.Equal(RemoteOutcome.Refused, Send(Open(server.Url)).Wait());
        Assert.Contains("RESOURCE_EXHAUSTED", Assert.Single(Said), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Score_ModelOrServerThatDoesNotFit_IsRefusedBeforeAnythingIsSent()
    {
        await using var server = await Start();
        var own = GrpcModelServer.Describe(Columns, 2);
        own.Platform = "serveflow";
        (ModelMetadataResponse Metadata, string Url, string Expected)[] cases =
        [
            (GrpcModelServer.Describe(100, 2), server.Url,
                $"its input has the shape '[-1,100]', and a row of the tier {Columns} columns"),
            (GrpcModelServer.Describe(Columns, 2, "BOOL"), server.Url, "its input is 'BOOL'"),
            (GrpcModelServer.Describe(Columns, 3), server.Url, "it has no output 'probabilities' of FP32"),
            (own, server.Url, "its metadata are not those of a ServeFlow server"),
            (own, server.Url.Replace("/slow/1", "/other", StringComparison.Ordinal),
                "it answers NOT_FOUND: there is no such model"),
        ];
        foreach (var (metadata, url, expected) in cases)
        {
            Said.Clear();
            server.Metadata = metadata;
            Assert.Equal(RemoteOutcome.Refused, Send(Open(url)).Wait());
            Assert.Contains(expected, Assert.Single(Said), StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Score_ServerOfHttpAlone_IsLostAndSaid()
    {
        await using var server = await ModelServer.StartAsync();

        Assert.Equal(RemoteOutcome.Lost, Send(Open($"grpc://127.0.0.1:{server.Port}/slow"), deadlineMs: 5_000).Wait());
        Assert.Contains("HTTP/2", Assert.Single(Said), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Said.Single());
    }

    [Fact]
    public async Task Score_WithAToken_ShowsIt()
    {
        await using var server = await Start();

        Assert.Equal(RemoteOutcome.Answered, Send(Open(server.Url)).Wait());
        Assert.Equal("Bearer secret", server.Authorization);
    }

    [Theory]
    [InlineData("slow=grpc://gpu1/slow")]
    [InlineData("slow=grpc://gpu1:8001/")]
    [InlineData("slow=grpc://gpu1:8001/slow/1/infer")]
    [InlineData("slow=grpc://gpu1:8001//1")]
    [InlineData("slow=grpc://a:b@gpu1:8001/slow")]
    public void Parse_WhatIsNoModel_SaysWhatToGive(string text) => Assert.Contains("slow=grpc://gpu1:8001/slow",
        Assert.Throws<InputException>(() => RemoteTierOptions.Parse(text)).Message);

    static ModelInferResponse Raw(params float[] values) => new()
    {
        Outputs = { GrpcModelServer.Output(1) },
        RawOutputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes(values.AsSpan())) },
    };

    async Task<GrpcModelServer> Start(int port = 0)
    {
        var server = await GrpcModelServer.StartAsync(port);
        server.Metadata = GrpcModelServer.Describe(Columns, 2);
        return server;
    }

    IRemoteTier Open(string url, double deadlineMs = 20_000)
    {
        var options = RemoteTierOptions.Parse($"slow={url}") with
        {
            Deadline = TimeSpan.FromMilliseconds(deadlineMs),
            ReadToken = () => "secret",
        };
        return Open(new RemoteTierFactory(options, new GrpcTransport(options), Said.Enqueue));
    }
}
