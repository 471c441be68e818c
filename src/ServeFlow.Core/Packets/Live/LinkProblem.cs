using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Live;

/// <summary>Says why a link cannot be captured, each reason as the one line that the user reads.</summary>
static class Throw
{
    const int OperationNotPermitted = 1;
    const int OutOfMemory = 12;
    const int AccessDenied = 13;
    const int InvalidArgument = 22;
    const int NoBufferSpace = 105;

    public static InputException NoInterfaces() => new("no interface to capture: give one with -i");

    public static InputException NoSuchInterface(string name, IReadOnlyList<string> existing) =>
        new($"{InputException.Quote(name)}: no such interface; there are: {string.Join(", ", existing)}, any: "
            + "give one of these");

    public static InputException DuplicateInterface(string name) => new($"{name}: given twice: give each interface once");

    public static InputException AnyAndOthers() =>
        new("any: takes all interfaces already: give it alone, or name the interfaces");

    public static InputException InterfaceDown(string name) =>
        new($"{name}: the interface is down: bring it up (ip link set {name} up)");

    public static InputException Field(string field, string value, string expected) =>
        new($"{field} {value}: expected {expected}");

    public static InputException OneWorker() =>
        new("the backend pcap serves one worker: ask for one, or for the backend af_packet");

    /// <param name="complaint">libpcap's own words.</param>
    public static InputException PcapRefused(string name, string complaint) =>
        new($"{InputException.Quote(name)}: libpcap refuses ({InputException.Quote(complaint)}): check the interface");

    /// <summary>Reports the error of a C library call that just failed.</summary>
    public static InputException Refused(string name, string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return error is OperationNotPermitted or AccessDenied
            ? NotPermitted(name)
            : new($"{name}: the system refused to {what} ({Marshal.GetPInvokeErrorMessage(error)}): "
                  + "check the interface");
    }

    public static InputException NotPermitted(string name) =>
        new($"{name}: capturing needs the capability CAP_NET_RAW: run as root, or grant it once with "
            + $"'sudo setcap cap_net_raw+ep {Environment.ProcessPath}'");

    public static InputException NoRing(string name, long bytes)
    {
        var error = Marshal.GetLastPInvokeError();
        return error is OutOfMemory or NoBufferSpace or InvalidArgument
            ? new($"{name}: the system refused {bytes} bytes of ring memory "
                  + $"({Marshal.GetPInvokeErrorMessage(error)}): ask for a smaller ring")
            : Refused(name, "set up the ring");
    }
}
