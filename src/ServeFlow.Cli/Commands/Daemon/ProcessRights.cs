using System.Globalization;
using System.Runtime.InteropServices;

namespace ServeFlow.Cli.Commands.Daemon;

/// <summary>Represents the rights of this process, as the kernel has them in <c>/proc/self/status</c>.</summary>
/// <param name="UserId">The real user.</param>
/// <param name="GroupId">The real group.</param>
/// <param name="Groups">The supplementary groups.</param>
/// <param name="Capabilities">A bit for each capability that is permitted.</param>
/// <param name="CannotGainAny">Whether no program that it starts can have more (no_new_privs).</param>
sealed record ProcessRights(uint UserId, uint GroupId, IReadOnlyList<string> Groups, ulong Capabilities,
    bool CannotGainAny)
{
    /// <summary>Specifies the bit of CAP_NET_RAW, which opens packet sockets.</summary>
    public const ulong CaptureBit = 1UL << 13;

    public static ProcessRights Read() => Parse(File.ReadLines("/proc/self/status"));

    public static ProcessRights Parse(IEnumerable<string> lines)
    {
        var fields = lines.Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        return new(First("Uid"), First("Gid"),
            fields["Groups"].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            ulong.Parse(fields["CapPrm"], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            fields["NoNewPrivs"] == "1");

        uint First(string name) => uint.Parse(fields[name].Split('\t')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Says what is left, for the log.</summary>
    public string Describe(string user)
    {
        var capabilities = Capabilities switch
        {
            0 => "no capability",
            CaptureBit => "the capability CAP_NET_RAW",
            _ => $"the capabilities 0x{Capabilities:x}",
        };
        var gain = CannotGainAny ? "; it can gain no other" : "";
        var groups = string.Join(' ', Groups.DefaultIfEmpty("none"));
        return $"running as {user} (uid {UserId}, gid {GroupId}, groups {groups}) with {capabilities}{gain}";
    }
}

/// <summary>Declares the calls of the C library by which a process gives up rights.</summary>
static partial class RightsAbi
{
    const string Library = "libc";

    /// <summary>PR_CAPBSET_DROP.</summary>
    public const int DropBound = 24;

    /// <summary>PR_SET_KEEPCAPS: what is permitted outlives the change of user.</summary>
    public const int KeepCapabilities = 8;

    /// <summary>PR_SET_NO_NEW_PRIVS.</summary>
    public const int NoNewPrivileges = 38;

    /// <summary>PR_CAP_AMBIENT.</summary>
    public const int Ambient = 47;

    /// <summary>PR_CAP_AMBIENT_RAISE: the capability outlives the start of a program.</summary>
    public const int RaiseAmbient = 2;

    /// <summary>_LINUX_CAPABILITY_VERSION_3: two words of each set.</summary>
    public const uint CapabilityVersion = 0x20080522;

    [LibraryImport(Library, EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint FindUser(string name);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int Control(int what, nuint second, nuint third, nuint fourth, nuint fifth);

    [LibraryImport(Library, EntryPoint = "initgroups", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetGroups(string user, uint group);

    [LibraryImport(Library, EntryPoint = "setresgid", SetLastError = true)]
    public static partial int SetGroup(uint real, uint effective, uint saved);

    [LibraryImport(Library, EntryPoint = "setresuid", SetLastError = true)]
    public static partial int SetUser(uint real, uint effective, uint saved);

    /// <param name="header">Version and process; 0 is this thread.</param>
    /// <param name="sets">Effective, permitted, inheritable: the low words of all three, then the high ones.</param>
    [LibraryImport(Library, EntryPoint = "capset", SetLastError = true)]
    public static partial int SetCapabilities(uint[] header, uint[] sets);
}
