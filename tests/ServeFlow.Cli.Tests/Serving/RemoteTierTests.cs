using Microsoft.AspNetCore.Http;
using ServeFlow.Serving.RemoteTiers;
using Xunit;

namespace ServeFlow.Cli.Tests.Serving;

/// <summary>A tier that a server of the Open Inference Protocol computes, over real HTTP.</summary>
public sealed class RemoteTierTests : RemoteTierFixture
{
    [Theory]
    [InlineData("INT8", false)]
    [InlineData("INT8", true)]
    [InlineData("FP32", true)]
    public async Task Score_ServerAnswers_GivesItsProbabilities(string datatype, bool isBinary)
    {
        await using var server = await Start();
        server.Metadata = ModelServer.Describe(Columns, 2, datatype);
        server.Answer = (context, _, rows) => isBinary ? ModelServer.AnswerBinary(context, rows)
            : ModelServer.AnswerText(context, rows);
        var batch = Send(Open(server), flows: 3);

        Assert.Equal(RemoteOutcome.Answered, batch.Wait());
        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(row =>
            (int)Math.Round((batch.Probabilities[(2 * row) + 1] - 0.5f) * 2048)));
        Assert.Equal(3 * Columns * (datatype == "INT8" ? 1 : 4), server.Binary.Length);
        Assert.All(datatype == "INT8" ? server.Binary.Select(value => (float)(sbyte)value)
            : server.Binary.Chunk(4).Select(bytes => BitConverter.ToSingle(bytes)), value =>
            Assert.True(value is -1 or 0)); // a packet without any header
        Assert.Empty(Said);
    }

    [Fact]
    public async Task Score_BatchBeyondWhatServersTake_IsSeveralRequests()
    {
        await using var server = await Start();
        server.Metadata = ModelServer.Describe(Columns, 2, "FP32", shape: $"[-1,10,{Columns / 10}]");
        var batch = Send(Open(server), RemoteBatch.Capacity);

        Assert.Equal(RemoteOutcome.Answered, batch.Wait());
        Assert.True(server.Requests.Count > 1 && server.Requests.TrueForAll(rows => rows * Columns * 4 <= 7 << 20));
        Assert.Equal(RemoteBatch.Capacity, server.Requests.Sum());
    }

    [Fact]
    public async Task Score_ServerFailsForAMoment_IsAskedAgain()
    {
        await using var server = await Start();
        server.Answer = (context, number, rows) =>
        {
            switch (number)
            {
                case 0:
                    context.Abort();
                    return Task.CompletedTask;
                case 1:
                    context.Response.StatusCode = 503;
                    return Task.CompletedTask;
                default:
                    return ModelServer.AnswerText(context, rows);
            }
        };

        Assert.Equal(RemoteOutcome.Answered, Send(Open(server)).Wait());
        Assert.Equal(3, server.Requests.Count);
        Assert.Empty(Said);
    }

    [Fact]
    public async Task Score_AnswerBreaksOff_IsLostAndSaid()
    {
        await using var server = await Start();
        server.Answer = async (context, _, _) =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"outputs\":[");
            context.Abort();
        };
        var tier = Open(server, deadlineMs: 2400); // tries end after 1.3 s

        Assert.Equal(RemoteOutcome.Lost, Send(tier).Wait());
        Assert.StartsWith($"remote tier 'slow' at {server.Url}: ", Assert.Single(Said), StringComparison.Ordinal);
        Assert.EndsWith("; flows keep the answer of the tier before", Said.Single());
        Assert.Equal(RemoteOutcome.Lost, Send(tier).Wait()); // and is not said again
        Assert.Single(Said);
    }

    [Fact]
    public async Task Score_SlowServer_IsLateAndSaidWhenItGoesOn()
    {
        await using var server = await Start();
        server.Answer = (context, _, _) => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var tier = Open(server, deadlineMs: 60);

        Assert.Equal(RemoteOutcome.Late, Send(tier).Wait());
        Assert.Empty(Said);
        Assert.Equal(RemoteOutcome.Late, Send(tier).Wait());
        Assert.Equal(RemoteOutcome.Late, Send(tier).Wait());
        Assert.Contains("no answer within 60 ms", Assert.Single(Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Score_ServerGoesAndComesBack_IsSaidBothTimes()
    {
        var server = await Start();
        var (url, port) = (server.Url, server.Port);
        var tier = Open(url);
        Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait());
        await server.DisposeAsync();

        Assert.Equal(RemoteOutcome.Lost, Send(tier, flows: 4).Wait());
        Assert.True(Factory!.Health.IsFailing);
        Assert.Contains("refused", Assert.Single(Said), StringComparison.OrdinalIgnoreCase);

        await using var next = await Start(port);
        Assert.Equal(RemoteOutcome.Answered, Send(tier).Wait());
        Assert.False(Factory.Health.IsFailing);
        Assert.Equal($"remote tier 'slow' at {url}: answers again; 4 flows kept the answer of the tier before",
            Said.Last());
    }

    [Theory]
    [InlineData("{", "its answer is not that of the Open Inference Protocol")]
    [InlineData("{\"outputs\":[]}", "its answer has no output 'probabilities'")]
    [InlineData("[2,2] [0.1,0.9,0.1,0.9]", "its answer has the shape [2,2], and FP32 with [1, 2] is needed")]
    [InlineData("[1,2] [0.1]", "its answer has 1 numbers, and 2 are needed")]
    [InlineData("[1,2] [0.1,0.2,0.7]", "its answer has more than 2 numbers")]
    [InlineData("[1,2] [0.5,0.9]", "row 0 of its answer holds no probabilities: their sum is 1.4")]
    [InlineData("[1,2] [-1,2]", "row 0 of its answer holds no probabilities")]
    [InlineData("[1,2] [\"x\",2]", "its answer is not that of the Open Inference Protocol")]
    [InlineData("{\"outputs\":[{\"name\":\"x\",\"parameters\":{\"binary_data_size\":-8}}]}",
        "its answer has a wrong binary_data_size")]
    public async Task Score_AnswerThatDoesNotFit_IsRefusedByName(string answer, string expected)
    {
        await using var server = await Start();
        server.Answer = (context, _, _) => context.Response.WriteAsync(answer.Split(' ') is [var shape, var data]
            ? $$"""{"outputs":[{"name":"probabilities","datatype":"FP32","shape":{{shape}},"data":{{data}}}]}"""
            : answer);

        Assert.Equal(RemoteOutcome.Refused, Send(Open(server)).Wait());
        Assert.Contains(expected, Assert.Single(Said), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(400, "{\"error\":\"model is\\nunloading\"}", "it answers 400: model is")]
    [InlineData(400, "An HTTP/1.x request", "it answers 400: An HTTP/1.x request")]
    [InlineData(401, "", "it answers 401: no reason is given; show it its token, with --remote-token-file")]
    public async Task Score_ServerSaysNo_TellsItsReason(int status, string body, string expected)
    {
        await using var server = await Start();
        server.Answer = (context, _, _) =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        };

        Assert.Equal(RemoteOutcome.Refused, Send(Open(server)).Wait());
        Assert.Contains(expected, Assert.Single(Said), StringComparison.Ordinal);
        Assert.DoesNotContain('\n', Said.Single());
    }

    [Fact]
    public async Task Score_ModelOfAnotherShape_IsRefusedBeforeAnythingIsSent()
    {
        await using var server = await Start();
        (string Metadata, string Expected)[] cases =
        [
            (ModelServer.Describe(100, 2),
                $"its input has the shape '[-1,100]', and a row of the tier {Columns} columns"),
            (ModelServer.Describe(Columns, 2, "BOOL"), "its input is 'BOOL'"),
            (ModelServer.Describe(Columns, 3), "it has no output 'probabilities' of FP32 with the shape [rows, 2]"),
            ("[]", "its metadata are not those of the Open Inference Protocol"),
            ("<html>", "its metadata are not those of the Open Inference Protocol"),
            (ModelServer.Describe(Columns, 2).Replace("onnxruntime_onnx", "serveflow", StringComparison.Ordinal),
                "its metadata are not those of the Open Inference Protocol"),
        ];
        foreach (var (metadata, expected) in cases)
        {
            Said.Clear();
            server.Metadata = metadata;
            Assert.Equal(RemoteOutcome.Refused, Send(Open(server)).Wait());
            Assert.Contains(expected, Assert.Single(Said), StringComparison.Ordinal);
        }

        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("slow")]
    [InlineData("slow=gpu1:8000/v2/models/slow")]
    [InlineData("slow=ftp://gpu1/v2/models/slow")]
    [InlineData("slow=http://gpu1:8000/")]
    [InlineData("slow=http://gpu1:8000/v2/models/slow/infer")]
    [InlineData("slow=http://a:b@gpu1:8000/v2/models/slow")]
    [InlineData("=http://gpu1:8000/v2/models/slow")]
    public void Parse_WhatIsNoModel_SaysWhatToGive(string text) => Assert.Contains(
        "give TIER=URL with the address of a model",
        Assert.Throws<InputException>(() => RemoteTierOptions.Parse(text)).Message);

    [Fact]
    public void Apply_AnotherTier_SaysWhichThereAre()
    {
        using var other = new RemoteTierFactory(RemoteTierOptions.Parse("fast=http://a/v2/models/m"), Said.Enqueue);

        Assert.Contains("the last tier of bundle 1 is 'slow' (tiers: fast, slow)",
            Assert.Throws<InputException>(() => other.Apply(Plan)).Message);
    }

    async Task<ModelServer> Start(int port = 0)
    {
        var server = await ModelServer.StartAsync(port);
        server.Metadata = ModelServer.Describe(Columns, 2);
        return server;
    }

    IRemoteTier Open(ModelServer server, double deadlineMs = 20_000) => Open(server.Url, deadlineMs);

    IRemoteTier Open(string url, double deadlineMs = 1_000) =>
        Open(new RemoteTierFactory(RemoteTierOptions.Parse($"slow={url}") with
        {
            Deadline = TimeSpan.FromMilliseconds(deadlineMs),
        }, Said.Enqueue));
}
