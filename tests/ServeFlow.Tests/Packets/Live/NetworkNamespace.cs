using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Xunit;

namespace ServeFlow.Tests.Packets.Live;

/// <summary>
/// A network namespace of its own, for as long as one thread lives: it has no name, so whatever ends the tests takes
/// the namespace and its interfaces along.
/// </summary>
sealed partial class NetworkNamespace : IDisposable
{
    /// <summary>CLONE_NEWNET of linux/sched.h.</summary>
    const int NewNetwork = 0x40000000;

    readonly BlockingCollection<Action> work = [];
    readonly Thread thread;
    int threadId;

    NetworkNamespace()
    {
        thread = new(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
            {
                action();
            }
        })
        { IsBackground = true };
        thread.Start();
    }

    /// <summary>Skips the test where namespaces cannot be made.</summary>
    public static NetworkNamespace Create()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "takes root on Linux");
        Assert.SkipUnless(File.Exists("/sbin/ip") || File.Exists("/usr/sbin/ip"), "takes ip of iproute2");
        var space = new NetworkNamespace();
        var made = space.Run(() => (Error: Unshare(NewNetwork) == 0 ? 0 : Marshal.GetLastPInvokeError(),
            space.threadId = ThreadId()));
        Assert.SkipUnless(made.Error == 0, "takes network namespaces: " + Marshal.GetPInvokeErrorMessage(made.Error));

        // No router solicitations or the like among the packets that a test sends.
        space.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
            File.WriteAllText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
            return 0;
        });
        return space;
    }

    /// <summary>Runs something on the thread that lives in the namespace.</summary>
    public T Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>();
        work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception error)
            {
                done.SetException(error);
            }
        });
        try
        {
            return done.Task.Result;
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerException!);
            throw;
        }
    }

    /// <summary>Runs <c>ip</c> in the namespace.</summary>
    public void Ip(string arguments) => Run(() =>
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var complaint = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        Assert.True(ip.ExitCode == 0, $"ip {arguments}: {complaint}");
        return 0;
    });

    /// <summary>Moves an interface into another namespace.</summary>
    public void Move(string name, NetworkNamespace to) => Ip($"link set {name} netns {to.threadId}");

    /// <summary>Packets that left through an interface, as the kernel counts.</summary>
    public long Sent(string name) => Run(() => File.ReadLines("/proc/thread-self/net/dev")
        .Select(line => line.Split([' ', ':'], StringSplitOptions.RemoveEmptyEntries))
        .Where(fields => fields[0] == name)
        .Sum(fields => long.Parse(fields[10])));

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "gettid")]
    private static partial int ThreadId();
}
