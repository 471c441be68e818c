using System.Diagnostics;
using ServeFlow.Cascade;
using ServeFlow.Packets;
using ServeFlow.Packets.Live;
using ServeFlow.Serving.Sensors;
using ServeFlow.Serving.Sources;
using ServeFlow.Serving.Workers;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Cli.Benchmarks;

/// <summary>
/// Measures a whole sensor on a real link: packets that another interface sends, records that are written to a file as
/// EVE. Times are from the kernel's time stamp to the written record.
/// </summary>
/// <param name="options">What is captured, and how.</param>
/// <param name="sender">Where packets are sent; the captured interface is the other end.</param>
sealed class LinkBench(CascadePlan plan, LiveOptions options, string sender)
{
    /// <summary>Specifies the start of the traffic, which is not timed: code is compiled anew while it runs.</summary>
    public static readonly TimeSpan Lead = TimeSpan.FromSeconds(1);

    static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <param name="packets">Those of the lead first.</param>
    public LinkResult Run(PacketMemory packets, CancellationToken cancel)
    {
        WarmUp.Run(plan);
        using var file = new BenchFile();
        var times = new LinkSink(RecordFormat.CreateSink(RecordFormat.Eve, file, plan, new()));
        using var from = new LinkSender(sender);
        var links = LiveCapture.Open(options);
        using var sensor = new Sensor(plan, new() { LowLatency = options.LowLatency },
            [.. links.Select(SensorSource.FromInterface)], [new(RecordFormat.Eve, times)], Console.Error.WriteLine);
        sensor.Start();
        var sending = Task.Factory.StartNew(() => from.Send(packets, cancel), cancel,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Thread.Sleep(Lead);
        times.Begin();
        var (clock, cpuBefore) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        sending.Wait(CancellationToken.None);
        var (wall, cpu) = (clock.Elapsed, Environment.CpuUsage.TotalTime - cpuBefore);
        Thread.Sleep(Rest);
        var counters = links.Select(link => link.ReadCounters(0))
            .Aggregate(default(CaptureCounters), (sum, one) => sum + one);
        sensor.Complete(Grace);
        cancel.ThrowIfCancellationRequested();
        return new(times, options, packets.Count, counters, wall, cpu);
    }
}
