using System.Runtime.InteropServices;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Daemon;

/// <summary>
/// Gives up the rights of root for good. Capabilities and no_new_privs are properties of a thread, and the runtime has
/// threads already. So the calling thread gives them up and starts the program anew, whose threads all inherit that.
/// The process keeps its number, its files and its environment.
/// </summary>
static class UserChange
{
    /// <summary>Specifies the place of the numbers in <c>struct passwd</c>, after two pointers.</summary>
    const int UserIdAt = 16;
    const int GroupIdAt = 20;

    /// <summary>
    /// Becomes <paramref name="user"/> where root is running; does not return then. Where that user runs already,
    /// returns what rights are left.
    /// </summary>
    /// <param name="captures">Whether the right to capture is kept.</param>
    /// <exception cref="InputException">There is no such user, or the change is refused.</exception>
    public static string Run(string user, bool captures)
    {
        var (userId, groupId) = Find(user);
        var rights = ProcessRights.Read();
        if (rights.UserId == userId)
        {
            // Where root could be had back, nothing was given up.
            return RightsAbi.SetUser(0, 0, 0) != 0 ? rights.Describe(user)
                : throw new InputException($"--user {user}: could become root again: nothing was started");
        }

        if (rights.UserId != 0)
        {
            throw new InputException($"--user {user}: only root can become another user: start it as root or as {user},"
                + " or leave it out");
        }

        GiveUp(user, userId, groupId, captures ? ProcessRights.CaptureBit : 0);
        new ProgramRestart().Execute();
        throw Refused(user, $"run {Environment.ProcessPath} as that user");
    }

    static (uint UserId, uint GroupId) Find(string user)
    {
        var entry = OperatingSystem.IsLinux() ? RightsAbi.FindUser(user) : throw new InputException(
            $"--user {InputException.Quote(user)}: takes Linux: leave it out");
        if (entry == 0)
        {
            throw new InputException($"--user {InputException.Quote(user)}: there is no such user: create it "
                + $"(useradd --system {InputException.Quote(user)}), or give another");
        }

        var found = ((uint)Marshal.ReadInt32(entry, UserIdAt), (uint)Marshal.ReadInt32(entry, GroupIdAt));
        return found.Item1 != 0 ? found
            : throw new InputException($"--user {user}: is root, and gives up nothing: give another user");
    }

    static void GiveUp(string user, uint userId, uint groupId, ulong kept)
    {
        for (nuint capability = 0; capability < 64; capability++)
        {
            // The kernel knows fewer than 64; what it does not know it refuses.
            if ((kept & (1UL << (int)capability)) == 0)
            {
                RightsAbi.Control(RightsAbi.DropBound, capability, 0, 0, 0);
            }
        }

        Check(RightsAbi.Control(RightsAbi.KeepCapabilities, 1, 0, 0, 0), user, "keep the right to capture");
        Check(RightsAbi.SetGroups(user, groupId), user, "change the groups");
        Check(RightsAbi.SetGroup(groupId, groupId, groupId), user, "change the group");
        Check(RightsAbi.SetUser(userId, userId, userId), user, "change the user");
        var low = (uint)kept;
        Check(RightsAbi.SetCapabilities([RightsAbi.CapabilityVersion, 0], [low, low, low, 0, 0, 0]), user,
            "keep the right to capture");
        for (nuint capability = 0; capability < 32; capability++)
        {
            if ((low & (1u << (int)capability)) != 0)
            {
                Check(RightsAbi.Control(RightsAbi.Ambient, RightsAbi.RaiseAmbient, capability, 0, 0), user,
                    "keep the right to capture");
            }
        }

        Check(RightsAbi.Control(RightsAbi.NoNewPrivileges, 1, 0, 0, 0), user, "rule out further rights");
    }

    static void Check(int result, string user, string what)
    {
        if (result != 0)
        {
            throw Refused(user, what);
        }
    }

    static InputException Refused(string user, string what) => new($"--user {user}: the system refused to {what} "
        + $"({Marshal.GetLastPInvokeErrorMessage()}): start it as {user}, or as root with all capabilities");
}
