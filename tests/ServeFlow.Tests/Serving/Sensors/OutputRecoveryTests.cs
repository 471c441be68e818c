using CsCheck;
using ServeFlow.Serving.Sensors;
using Xunit;

namespace ServeFlow.Tests.Serving.Sensors;

/// <summary>An output that fails, is tried again, recovers or is given up, without any medium.</summary>
public sealed class OutputRecoveryTests
{
    static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    static readonly IOException Full = new("No space left.");

    readonly List<string> said = [];

    [Fact]
    public void After_EveryFailure_DoublesUpToTheLongest()
    {
        var delays = new RetryDelays(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));
        var delay = delays.First;
        var series = Enumerable.Range(0, 9).Select(_ => (delay = delays.After(delay)).TotalMilliseconds);

        Assert.Equal([100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000], series);
    }

    [Fact]
    public void Fail_ManyTimes_IsSaidOnceAndWaits()
    {
        var recovery = Recovery(Hour, Hour);
        Assert.True(recovery.IsDue);

        recovery.Fail(Full);
        recovery.Fail(Full);

        Assert.Equal(["eve: cannot be written: No space left; records wait; trying again"], said);
        Assert.Equal((OutputState.Failing, 2, false), (recovery.State, recovery.Failures, recovery.IsDue));
    }

    [Fact]
    public void IsDue_DelayIsOver_AllowsATry()
    {
        var recovery = Recovery(Moment, Moment);
        recovery.Fail(Full);

        Assert.True(recovery.WaitUntilDue());
        Assert.True(recovery.IsDue);
        Assert.Equal(OutputState.Failing, recovery.State);
    }

    [Fact]
    public void Retry_MediumComesBack_RecoversAndSaysSo()
    {
        var recovery = Recovery(Moment, 2 * Moment);
        var attempts = 0;
        recovery.Fail(Full);

        Assert.True(recovery.Retry(() => FailUnless(++attempts == 3)));
        recovery.Succeed("7 records were lost");
        recovery.Succeed("8 records were lost");

        Assert.Equal((3, 3, OutputState.Writing), (attempts, recovery.Failures, recovery.State));
        Assert.Equal("eve: is written again; 7 records were lost so far", said[^1]);
        Assert.Equal(2, said.Count);
    }

    [Fact]
    public void Fail_AfterARecovery_IsSaidAgainAndBeginsWithTheFirstDelay()
    {
        var recovery = Recovery(Moment, Hour);
        for (var i = 0; i < 20; i++)
        {
            recovery.Fail(Full);
        }

        Assert.False(recovery.IsDue);
        recovery.Succeed("nothing was lost");
        recovery.Fail(Full);

        Assert.True(recovery.WaitUntilDue());
        Assert.Equal(3, said.Count);
    }

    [Fact]
    public void Retry_StoppedWhileTheMediumFails_TriesUntilTheGraceIsOver()
    {
        var recovery = Recovery(Moment, Moment);
        var attempts = 0;
        recovery.Fail(Full);

        Assert.False(recovery.Retry(() =>
        {
            if (++attempts == 3)
            {
                recovery.Stop(TimeSpan.Zero);
            }

            FailUnless(false);
        }));
        Assert.Equal((3, OutputState.Failing), (attempts, recovery.State));
    }

    [Fact]
    public void Retry_StoppedInALongDelay_TriesAtOnce()
    {
        var recovery = Recovery(Moment, Hour);
        for (var i = 0; i < 20; i++)
        {
            recovery.Fail(Full);
        }

        using var timer = new Timer(_ => recovery.Stop(Hour), null, 20 * Moment, Timeout.InfiniteTimeSpan);
        Assert.True(recovery.Retry(() => Assert.True(recovery.IsStopping)));
    }

    [Fact]
    public void Retry_DefectOfTheProgram_IsNotTakenForTheMediums() => Assert.Throws<InvalidOperationException>(() =>
        Recovery(Moment, Moment).Retry(() => throw new InvalidOperationException()));

    [Fact]
    public void GiveUp_Output_IsNeverDueAgain()
    {
        var recovery = Recovery(Moment, Moment);
        recovery.GiveUp(Full);
        recovery.Succeed("nothing was lost");

        Assert.Equal((OutputState.GivenUp, false), (recovery.State, recovery.IsDue));
        Assert.Equal(["eve: given up: No space left"], said);
    }

    /// <summary>
    /// Steps: 0 hands items over, 1 writes what is pending, 2 fails and drops it, 3 gives the output up.
    /// </summary>
    [Fact]
    public void UpdateAccount_AnyHistory_Adds() => Gen.Select(Gen.Int[0, 3], Gen.Int[0, 9]).Array[0, 30].Sample(steps =>
    {
        var recovery = new OutputRecovery("eve", "records wait", new(Moment, Moment), _ => { });
        var (written, pending, dropped) = (0L, 0L, 0L);
        foreach (var (step, items) in steps)
        {
            var isGivenUp = recovery.State == OutputState.GivenUp;
            switch (step)
            {
                case 0:
                    recovery.Hand(items);
                    (pending, dropped) = isGivenUp ? (0, dropped + items) : (pending + items, dropped);
                    break;
                case 1:
                    (written, pending) = (written + pending, 0);
                    break;
                case 2:
                    (dropped, pending) = (dropped + pending, 0);
                    break;
                case 3 when !isGivenUp && items == 0:
                    recovery.GiveUp(Full);
                    (dropped, pending) = (dropped + pending, 0);
                    break;
            }

            recovery.UpdateAccount(written, pending);
            Assert.Equal((written, dropped), (recovery.Written, recovery.Failed));
            Assert.Equal(recovery.Handed, recovery.Written + recovery.Failed + pending);
        }
    });

    static void FailUnless(bool succeeds)
    {
        if (!succeeds)
        {
            throw Full;
        }
    }

    OutputRecovery Recovery(TimeSpan first, TimeSpan longest) =>
        new("eve", "records wait", new(first, longest), said.Add);
}
