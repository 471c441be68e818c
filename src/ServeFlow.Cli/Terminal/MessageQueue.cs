using System.Collections.Concurrent;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// Writes messages on a thread of its own, so that a reader of standard error that is stuck holds nobody up: messages
/// wait, then are left out and counted.
/// </summary>
sealed class MessageQueue : IDisposable
{
    const int Capacity = 1024;

    /// <summary>Specifies how long the end waits for a reader that takes nothing.</summary>
    static readonly TimeSpan LastMoment = TimeSpan.FromMilliseconds(500);

    readonly BlockingCollection<Action> waiting = new(Capacity);
    readonly Thread thread;
    int leftOut;
    long done;

    public MessageQueue()
    {
        thread = new(Run) { IsBackground = true, Name = "messages" };
        thread.Start();
    }

    /// <summary>Has a message written when those before it are; never waits. From any thread.</summary>
    public void Add(Action write)
    {
        if (!waiting.TryAdd(write))
        {
            Interlocked.Increment(ref leftOut);
        }
    }

    /// <summary>Waits until all is written, unless the reader takes nothing any more.</summary>
    public void Dispose()
    {
        waiting.CompleteAdding();
        for (var before = -1L; before != Interlocked.Read(ref done);)
        {
            before = Interlocked.Read(ref done);
            if (thread.Join(LastMoment))
            {
                waiting.Dispose();
                return;
            }
        }
    }

    void Run()
    {
        foreach (var write in waiting.GetConsumingEnumerable())
        {
            write();
            Interlocked.Increment(ref done);
            if (waiting.Count == 0 && Interlocked.Exchange(ref leftOut, 0) is var count and > 0)
            {
                Console.Error.WriteLine($"serveflow: {count:N0} messages were left out: standard error took none");
            }
        }
    }
}
