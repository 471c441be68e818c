using ServeFlow.Training.Calibration;
using ServeFlow.Training.Datasets;

namespace ServeFlow.Training.Pipeline;

/// <summary>Sets flows aside to test a promise on: whole captures, as they are held back from training.</summary>
static class PromiseTestSplit
{
    /// <exception cref="InputException">There would be too few to promise anything.</exception>
    public static (FlowSample Training, FlowSample Test) Divide(FlowSample flows, LossPromise promise,
        SplitKind split, int seed)
    {
        var (train, rest) = HoldOutSplit.SplitFlows(flows, LossPromise.TestShare, split, seed);
        Check(rest, promise, split == SplitKind.Capture ? DominantCapture.Explain(flows) : null);
        return (train, rest);
    }

    /// <param name="cause">Why they are few, and what to do about it, where that is known.</param>
    /// <exception cref="InputException">They are too few.</exception>
    public static void Check(FlowSample rest, LossPromise promise, string? cause = null)
    {
        if (rest.Count < promise.MinFlows)
        {
            throw new InputException($"a loss of at most {promise.MaxLoss} with confidence {promise.Confidence} needs "
                + $"at least {promise.MinFlows} flows that training never sees, a fifth of the captures has "
                + $"{rest.Count}; "
                + (cause ?? "give more captures, allow a larger loss, or ask for less confidence"))
            {
                Settings = cause is null ? [Setting.MaxLoss, Setting.Confidence] : [Setting.Split],
            };
        }
    }
}
