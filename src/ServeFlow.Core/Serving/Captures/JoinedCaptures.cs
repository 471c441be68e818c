using ServeFlow.Packets;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Serving.Captures;

/// <summary>
/// The captures of a set as one link's, one after the other. Between two of them it hands over an empty burst, so
/// that the records of the one are out before the next is named.
/// </summary>
public sealed class JoinedCaptures(CaptureSet set) : IPacketSource
{
    readonly List<CaptureOutcome> outcomes = [];
    Action<string>? begin;
    CaptureFile? file;
    int next;

    /// <summary>Gets the outcomes of the captures that have ended, in their order.</summary>
    public IReadOnlyList<CaptureOutcome> Outcomes => outcomes;

    public bool HasBacklog => file is { HasBacklog: true };

    /// <summary>Sets what is called with the name of each capture before its first packet.</summary>
    public void OnCapture(Action<string> named) => begin = named;

    public bool Poll(PacketBurst burst)
    {
        burst.Clear();
        if (file is null && !Open())
        {
            return next < set.Captures.Count;
        }

        if (!file!.Poll(burst))
        {
            outcomes.Add(new(set.Captures[next - 1].Name, file.DescribeDamage(), !file.IsUnreadable));
            Dispose();
        }

        return burst.Count > 0 || next < set.Captures.Count;
    }

    public void Dispose()
    {
        file?.Dispose();
        file = null;
    }

    bool Open()
    {
        if (next == set.Captures.Count)
        {
            return false;
        }

        var capture = set.Captures[next++];
        try
        {
            file = CaptureFile.Open(capture.Path);
            begin?.Invoke(capture.Name);
            return true;
        }
        catch (InputException e)
        {
            outcomes.Add(new(capture.Name, e.Message, IsReadable: false));
            return false;
        }
    }
}
