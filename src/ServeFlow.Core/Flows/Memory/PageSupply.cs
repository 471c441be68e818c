namespace ServeFlow.Flows.Memory;

/// <summary>
/// Backs memory on a thread of the pool before its owner writes it. The first write to a huge page stops a thread
/// while the kernel clears two megabytes: a fifth of a millisecond, and many milliseconds on a virtual machine whose
/// host must find the memory first. All packets behind it wait for that.
/// </summary>
/// <param name="owner">Keeps the memory mapped.</param>
sealed unsafe class PageSupply(object owner) : IThreadPoolWorkItem
{
    byte* start;
    long bytes;
    int isBusy;

    /// <summary>Asks for pages to be backed. What is asked for meanwhile is left to the owner's first write.</summary>
    public void Request(byte* start, long bytes)
    {
        if (bytes > 0 && Interlocked.Exchange(ref isBusy, 1) == 0)
        {
            this.start = start;
            this.bytes = bytes;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    public void Execute()
    {
        for (var at = 0L; at < bytes; at += NativePages.HugePage)
        {
            NativePages.Populate(start + at, (nuint)Math.Min(NativePages.HugePage, bytes - at));
        }

        GC.KeepAlive(owner);
        Volatile.Write(ref isBusy, 0);
    }
}
