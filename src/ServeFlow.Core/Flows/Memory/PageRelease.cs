namespace ServeFlow.Flows.Memory;

/// <summary>
/// Gives memory back on a thread of the pool. It takes milliseconds where another thread is having pages backed, and
/// all packets behind wait for that.
/// </summary>
/// <param name="owner">Keeps the memory mapped.</param>
sealed unsafe class PageRelease(object owner, byte* start, long bytes) : IThreadPoolWorkItem
{
    /// <summary>Asks for pages to be given back, which nobody uses any more.</summary>
    public static void Request(object owner, byte* start, long bytes) =>
        ThreadPool.UnsafeQueueUserWorkItem(new PageRelease(owner, start, bytes), preferLocal: false);

    public void Execute()
    {
        NativePages.Discard(start, (nuint)bytes);
        GC.KeepAlive(owner);
    }
}
