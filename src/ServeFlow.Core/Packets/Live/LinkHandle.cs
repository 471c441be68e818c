using Microsoft.Win32.SafeHandles;

namespace ServeFlow.Packets.Live;

/// <summary>Represents a file descriptor of a socket. Counters may be read while another thread closes it.</summary>
sealed class LinkHandle : SafeHandleMinusOneIsInvalid
{
    public LinkHandle() : base(ownsHandle: true)
    {
    }

    /// <summary>
    /// Gets the descriptor for <see cref="PollRequest"/>, used by the thread that also closes the handle.
    /// </summary>
    public int Descriptor => (int)handle;

    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
