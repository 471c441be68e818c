using System.Text;

namespace ServeFlow.Packets.Live.Watching;

/// <summary>Holds how one interface is, and what has happened to it since it was first looked at.</summary>
public sealed class WatchedLink
{
    const uint Up = 1;
    const uint Running = 0x40;

    internal WatchedLink(string name) => (Name, NameBytes) = (name, Encoding.UTF8.GetBytes(name));

    public string Name { get; }

    public LinkState State { get; private set; } = LinkState.Up;

    /// <summary>Gets how often it stopped carrying packets: it was set down, or lost its carrier.</summary>
    public long WentDown { get; private set; }

    /// <summary>Gets how often it carried packets again.</summary>
    public long CameUp { get; private set; }

    public long Vanished { get; private set; }

    /// <summary>Gets how often another interface took the name of one that had vanished.</summary>
    public long MadeAnew { get; private set; }

    internal byte[] NameBytes { get; }

    /// <summary>Gets the kernel's number; 0 where there is none.</summary>
    internal int Index { get; private set; }

    internal void Begin(LinkLook look) => (Index, State) = (look.Index, Name == LinkInterface.Any ? LinkState.Up
        : From(look));

    /// <summary>Takes over how the interface is now, and reports what that changes.</summary>
    internal void Become(LinkLook look, List<LinkEvent> events)
    {
        if (Name == LinkInterface.Any)
        {
            return;
        }

        if (look.Index != Index && Index != 0)
        {
            (Index, State) = (0, LinkState.Gone);
            Vanished++;
            events.Add(new(Name, LinkChange.Vanished, State));
        }

        if (look.Index == 0)
        {
            return;
        }

        var (before, now) = (State, From(look));
        State = now;
        if (Index == 0)
        {
            Index = look.Index;
            var wasThere = Vanished > MadeAnew;
            MadeAnew += wasThere ? 1 : 0;
            events.Add(new(Name, wasThere ? LinkChange.MadeAnew : LinkChange.Appeared, now));
        }
        else if (now == LinkState.Up && before != LinkState.Up)
        {
            CameUp++;
            events.Add(new(Name, LinkChange.CameUp, now));
        }
        else if (before == LinkState.Up && now != LinkState.Up)
        {
            WentDown++;
            events.Add(new(Name, LinkChange.WentDown, now));
        }
    }

    static LinkState From(LinkLook look) => look.Index == 0 ? LinkState.Gone
        : (look.Flags & Up) == 0 ? LinkState.Down
        : (look.Flags & Running) == 0 ? LinkState.NoCarrier
        : LinkState.Up;
}

/// <summary>Tells whether an interface can carry packets.</summary>
public enum LinkState
{
    Up,

    /// <summary>It is up, but nothing is connected, or the other side is down.</summary>
    NoCarrier,

    /// <summary>It was set down.</summary>
    Down,

    /// <summary>It does not exist.</summary>
    Gone,
}

/// <summary>Names what can happen to an interface.</summary>
public enum LinkChange
{
    WentDown,
    CameUp,
    Vanished,
    MadeAnew,

    /// <summary>It was not there when the watch began.</summary>
    Appeared,
}

/// <summary>Tells what happened to an interface, and how it is since.</summary>
public readonly record struct LinkEvent(string Interface, LinkChange Change, LinkState State);

/// <summary>Represents an interface at one moment: its number, 0 for none, and its IFF_ flags.</summary>
readonly record struct LinkLook(int Index, uint Flags)
{
    public static LinkLook Now(string name) =>
        LinkInterface.TryLook(name, out var index, out var flags) ? new(index, flags) : default;
}
