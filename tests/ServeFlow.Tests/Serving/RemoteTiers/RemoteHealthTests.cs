using ServeFlow.Serving.RemoteTiers;
using Xunit;

namespace ServeFlow.Tests.Serving.RemoteTiers;

public sealed class RemoteHealthTests
{
    readonly List<string> said = [];
    readonly RemoteHealth health;

    public RemoteHealthTests() => health = new("'slow' at gpu1", said.Add);

    [Fact]
    public void Note_CauseIsKnownAfterLateAnswers_IsToldAtOnceAndOnlyOnce()
    {
        for (var i = 0; i < 3; i++)
        {
            health.Note(RemoteOutcome.Late, 1, "no answer within 200 ms");
        }

        health.Note(RemoteOutcome.Refused, 1, "there is no such model");
        health.Note(RemoteOutcome.Late, 1, "no answer within 200 ms");
        health.Note(RemoteOutcome.Refused, 1, "there is no such model");

        Assert.Equal("there is no such model", health.Problem);
        Assert.Equal(
        [
            "remote tier 'slow' at gpu1: no answer within 200 ms; flows keep the answer of the tier before",
            "remote tier 'slow' at gpu1: there is no such model; flows still keep the answer of the tier before",
        ], said);
    }

    [Fact]
    public async Task RunAsync_LastTryHadNoTimeLeft_TellsWhatWasWrongBefore()
    {
        var calls = new RemoteCalls(health, TimeSpan.FromSeconds(2), waits: false);
        var batch = new RemoteBatch(new ScriptedTier(TinyCascade.Plan(1)), 1, 2);
        batch.Begin(TimeSpan.FromSeconds(2));
        var tries = 0;

        await calls.RunAsync(batch, (_, end) => ++tries == 1 ? throw new IOException("Connection refused")
            : Task.Delay(Timeout.Infinite, end));

        Assert.Equal(RemoteOutcome.Lost, batch.Wait());
        Assert.Contains("Connection refused; flows keep", Assert.Single(said), StringComparison.Ordinal);
    }
}
