using ServeFlow.Sinks;

namespace ServeFlow.Serving;

/// <summary>Notes on the few flows that are tunnelled, kept until the flow ends. Indices are reused.</summary>
sealed class FlowNotes
{
    const int None = -1;

    FlowNote[] notes = [];
    int[] free = [];
    int freeCount;

    /// <summary>Keeps a note; returns its index, or −1 where there is nothing to keep.</summary>
    public int Add(in FlowNote note)
    {
        if (note.TunnelDepth == 0)
        {
            return None;
        }

        if (freeCount == 0)
        {
            Grow();
        }

        var index = free[--freeCount];
        notes[index] = note;
        return index;
    }

    /// <summary>A kept note; the empty one for −1.</summary>
    public FlowNote Of(int index) => index == None ? default : notes[index];

    public void Remove(int index)
    {
        if (index != None)
        {
            free[freeCount++] = index;
        }
    }

    void Grow()
    {
        var old = notes.Length;
        Array.Resize(ref notes, Math.Max(64, 2 * old));
        Array.Resize(ref free, notes.Length);
        for (var i = notes.Length - 1; i >= old; i--)
        {
            free[freeCount++] = i;
        }
    }
}
