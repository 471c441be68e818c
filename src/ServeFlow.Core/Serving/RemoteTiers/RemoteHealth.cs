using System.Diagnostics;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Knows whether a remote tier answers, and says when that changes. Any thread may tell it.</summary>
/// <param name="name">The tier and its address, as messages name them.</param>
/// <param name="say">Takes a message of one line.</param>
public sealed class RemoteHealth(string name, Action<string> say)
{
    /// <summary>A server that is late so often in a row fails; once is no reason to say so.</summary>
    const int LateInARow = 3;

    /// <summary>A server that comes and goes is not told of more often.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    readonly Lock gate = new();
    long saidAt = -1;
    int late;
    long missed;
    RemoteOutcome? told;

    /// <summary>Gets whether the latest batches were not answered.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Gets the number of flows that were answered.</summary>
    public long Answered { get; private set; }

    /// <summary>Gets what was wrong last; null before anything was.</summary>
    public string? Problem { get; private set; }

    /// <summary>Takes what became of a batch.</summary>
    /// <param name="problem">What is wrong, where it was not answered.</param>
    public void Note(RemoteOutcome outcome, int flows, string? problem)
    {
        string? line;
        lock (gate)
        {
            Answered += outcome == RemoteOutcome.Answered ? flows : 0;
            line = outcome == RemoteOutcome.Answered ? Recover() : Fail(outcome, flows, problem);
        }

        if (line is not null)
        {
            say(line);
        }
    }

    string? Recover()
    {
        var line = told is not null
            ? $"remote tier {name}: answers again; {missed:N0} flows kept the answer of the tier before" : null;
        (IsFailing, told, late, missed) = (false, null, 0, 0);
        return line;
    }

    string? Fail(RemoteOutcome outcome, int flows, string? problem)
    {
        if (outcome != RemoteOutcome.Late || told is null or RemoteOutcome.Late)
        {
            Problem = problem ?? Problem; // a cause that is known says more than a late answer
        }

        missed += flows;
        late = outcome == RemoteOutcome.Late ? late + 1 : LateInARow;
        IsFailing = late >= LateInARow;
        if (!IsFailing || !IsNews(outcome))
        {
            return null;
        }

        var still = told is null ? "" : "still ";
        (told, saidAt) = (outcome, Stopwatch.GetTimestamp());
        return $"remote tier {name}: {Problem}; flows {still}keep the answer of the tier before";
    }

    /// <summary>Determines whether a failure is to be told: the first one, the cause of what was only late so far, and
    /// another cause. A cause is told at once, and all else after a pause.</summary>
    bool IsNews(RemoteOutcome outcome)
    {
        if (told is not null && (outcome == RemoteOutcome.Late || outcome == told))
        {
            return false;
        }

        return told == RemoteOutcome.Late || saidAt < 0 || Stopwatch.GetElapsedTime(saidAt) >= Pause;
    }
}
