using System.Diagnostics;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>
/// Flows that one worker hands to a remote tier, and the room for their answers. It belongs to the worker until
/// <see cref="Send"/>, to the remote tier until <see cref="Complete"/>, and to the worker again from then on. Handing
/// it over allocates nothing and waits for nothing.
/// </summary>
public sealed class RemoteBatch : IThreadPoolWorkItem
{
    /// <summary>Limits the flows of a batch.</summary>
    public const int Capacity = IBatchScorer.Capacity;

    const int NotYet = -1;

    /// <summary>Specifies the most that a row's sum may differ from 1: a server may compute in halves of
    /// floats.</summary>
    const float Tolerance = 0.02f;

    readonly IRemoteTier tier;
    readonly HeaderRecord[] headers;
    readonly int[] packets = new int[Capacity];
    readonly object gate = new();
    long dueTimestamp;
    int outcome = NotYet;

    /// <param name="tier">What scores it.</param>
    /// <param name="depth">Packets that the tier sees of a flow at most.</param>
    /// <param name="classes">Classes of an answer.</param>
    public RemoteBatch(IRemoteTier tier, int depth, int classes)
    {
        (this.tier, Depth, Classes) = (tier, depth, classes);
        headers = new HeaderRecord[Capacity * depth];
        Probabilities = new float[Capacity * classes];
    }

    /// <summary>Gets how many packets of a flow there is room for.</summary>
    public int Depth { get; }

    /// <summary>Gets the classes of an answer.</summary>
    public int Classes { get; }

    /// <summary>Gets the number of its flows.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the room for answers: [flows × Classes], row-major, in the order of the plan's labels, each row
    /// summing to 1.</summary>
    public float[] Probabilities { get; }

    /// <summary>Gets the time that is left for an answer; none or less where it is over.</summary>
    public TimeSpan Left => Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), dueTimestamp);

    /// <summary>Gets the packets of a flow, at least one, by its place in the batch.</summary>
    public ReadOnlySpan<HeaderRecord> Packets(int flow) => headers.AsSpan(flow * Depth, packets[flow]);

    /// <summary>Empties it. The time for its answers begins now.</summary>
    public void Begin(TimeSpan time)
    {
        (Count, outcome) = (0, NotYet);
        dueTimestamp = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
    }

    /// <summary>Copies the packets of one more flow, those that the tier sees.</summary>
    public void Add(ReadOnlySpan<HeaderRecord> flow)
    {
        var seen = flow[..Math.Min(flow.Length, Depth)];
        seen.CopyTo(headers.AsSpan(Count * Depth));
        packets[Count++] = seen.Length;
    }

    /// <summary>Hands it to the remote tier.</summary>
    public void Send() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <summary>Hands it back. Answers must have been written before.</summary>
    public void Complete(RemoteOutcome result)
    {
        lock (gate)
        {
            Volatile.Write(ref outcome, (int)result);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Checks that rows of the answers hold probabilities.</summary>
    /// <param name="first">The first row.</param>
    /// <exception cref="RefusalException">One does not.</exception>
    public void CheckProbabilities(int first, int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var sum = 0f;
            foreach (var value in Probabilities.AsSpan((first + row) * Classes, Classes))
            {
                sum += value >= 0 ? value : float.NaN;
            }

            if (!(Math.Abs(sum - 1) <= Tolerance)) // a sum that is no number is none
            {
                throw new RefusalException($"row {row} of its answer holds no probabilities: their sum is {sum}");
            }
        }
    }

    /// <summary>Gets whether it was handed back, and with which outcome.</summary>
    public bool IsComplete(out RemoteOutcome result)
    {
        var found = Volatile.Read(ref outcome);
        result = (RemoteOutcome)found;
        return found != NotYet;
    }

    /// <summary>Waits until it is handed back.</summary>
    public RemoteOutcome Wait()
    {
        lock (gate)
        {
            while (outcome == NotYet)
            {
                Monitor.Wait(gate);
            }

            return (RemoteOutcome)outcome;
        }
    }

    void IThreadPoolWorkItem.Execute() => tier.Score(this);
}
