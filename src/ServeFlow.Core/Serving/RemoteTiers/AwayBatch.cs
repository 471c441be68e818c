using ServeFlow.Sinks;

namespace ServeFlow.Serving.RemoteTiers;

/// <summary>Names where a batch for a remote tier is.</summary>
enum AwayState
{
    /// <summary>It holds no flows.</summary>
    Free,

    /// <summary>It takes flows, and is not sent yet.</summary>
    Filling,

    /// <summary>The remote tier has it, and its flows wait.</summary>
    Sent,

    /// <summary>The remote tier still has it, and its flows have been answered without.</summary>
    GivenUp,
}

/// <summary>Represents one batch for a remote tier, and what is known here of its flows.</summary>
/// <param name="number">Its place among the batches.</param>
sealed class AwayBatch(int number, RemoteBatch data)
{
    /// <summary>Holds, by place, the flows' slots.</summary>
    public readonly int[] Slots = new int[RemoteBatch.Capacity];

    /// <summary>Holds, by place, what the answers' records say but for the answer.</summary>
    public readonly FlowRecord[] Answers = new FlowRecord[RemoteBatch.Capacity];

    /// <summary>Holds, by place, the records of flows that ended meanwhile.</summary>
    public readonly FlowRecord[] Ends = new FlowRecord[RemoteBatch.Capacity];

    public AwayState State;

    public RemoteBatch Data => data;

    /// <summary>Adds a flow without its packets; returns its place among those of all batches.</summary>
    public int Add(int slot, in FlowRecord answer)
    {
        var place = data.Count;
        Slots[place] = slot;
        Answers[place] = answer;
        Ends[place].Kind = RecordKind.None;
        return (number * RemoteBatch.Capacity) + place;
    }
}
