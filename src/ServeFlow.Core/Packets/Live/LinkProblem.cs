using System.Runtime.InteropServices;

namespace ServeFlow.Packets.Live;

/// <summary>Says why a link cannot be captured, each reason as the one line that the user reads.</summary>
static class LinkProblem
{
    const int OperationNotPermitted = 1;
    const int OutOfMemory = 12;
    const int AccessDenied = 13;
    const int InvalidArgument = 22;
    const int NoBufferSpace = 105;

    public static string NoInterfaces() => "no interface to capture: give one";

    public static string NoSuchInterface(string name, IReadOnlyList<string> existing) =>
        $"{InputException.Quote(name)}: no such interface; there are: {string.Join(", ", existing)}, any: "
            + "give one of these";

    public static string DuplicateInterface(string name) => $"{name}: given twice: give each interface once";

    public static string AnyAndOthers() =>
        "any: takes all interfaces already: give it alone, or name the interfaces";

    public static string InterfaceDown(string name) =>
        $"{name}: the interface is down: bring it up (ip link set {name} up)";

    public static string Field(string field, string value, string expected) =>
        $"{field} {value}: expected {expected}";

    public static string OneWorker() =>
        "the backend pcap serves one worker: ask for one, or for the backend af_packet";

    /// <param name="complaint">libpcap's own words.</param>
    public static string PcapRefused(string name, string complaint) =>
        $"{InputException.Quote(name)}: libpcap refuses ({InputException.Quote(complaint)}): check the interface";

    /// <summary>Reports the error of a C library call that just failed.</summary>
    public static string Refused(string name, string what)
    {
        var error = Marshal.GetLastPInvokeError();
        return error is OperationNotPermitted or AccessDenied
            ? NotPermitted(name)
            : $"{name}: the system refused to {what} ({Marshal.GetPInvokeErrorMessage(error)}): "
                + "check the interface";
    }

    public static string NotPermitted(string name) =>
        $"{name}: capturing needs the capability CAP_NET_RAW: run as root, or grant it once with "
            + $"'sudo setcap cap_net_raw+ep {Environment.ProcessPath}'";

    public static string NoRing(string name, long bytes)
    {
        var error = Marshal.GetLastPInvokeError();
        return error is OutOfMemory or NoBufferSpace or InvalidArgument
            ? $"{name}: the system refused {bytes} bytes of ring memory "
                + $"({Marshal.GetPInvokeErrorMessage(error)}): ask for a smaller ring"
            : Refused(name, "set up the ring");
    }
}
