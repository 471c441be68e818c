using Microsoft.Extensions.Hosting;
using ServeFlow.Service;
using ServeFlow.Service.Live;

namespace ServeFlow.Dashboard.Feeds;

/// <summary>
/// Looks at the sensor once a second while a page is open, for all pages together, and tells them. Keeps the last
/// seconds for rates, and nothing more.
/// </summary>
sealed class SensorFeed(IRunningSensor sensor) : BackgroundService
{
    /// <summary>Specifies the seconds that rates are averaged over, so that a banner does not flicker.</summary>
    const int RateSeconds = 10;

    /// <summary>Specifies the seconds that waits are taken over: long enough for a 99th percentile.</summary>
    const int WaitSeconds = 60;

    /// <summary>Models change seldom, and their repository is a directory to read.</summary>
    const int ModelSeconds = 5;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A page that opens while a model is loaded does not wait for that.</summary>
    static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    readonly Lock gate = new();
    readonly Queue<SensorReading> readings = new();
    Action? changed;
    SensorView? view;
    ModelsDocument? models;
    FleetReading? fleet;
    Task reading = Task.CompletedTask;
    Task readingFleet = Task.CompletedTask;
    long ticks;

    /// <summary>Begins to tell a page of each change; gives what ends it.</summary>
    public IDisposable Watch(Action onChange)
    {
        lock (gate)
        {
            changed += onChange;
        }

        return new Watcher(this, onChange);
    }

    /// <summary>Looks at the sensor as it is now, beside how it was some seconds ago.</summary>
    public SensorView Look()
    {
        if (Volatile.Read(ref models) is null)
        {
            RefreshModels().Wait(MaxWait);
        }

        lock (gate)
        {
            return view ??= Read();
        }
    }

    /// <summary>Reads the models again; what comes of it is seen from the next second on.</summary>
    public Task RefreshModels()
    {
        lock (gate)
        {
            return reading.IsCompleted ? reading = Task.Run(ReadModels) : reading;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            Refresh()?.Invoke();
        }
    }

    /// <summary>Reads the sensor; gives whom to tell. Nothing is read, and nothing kept, while nobody looks.</summary>
    Action? Refresh()
    {
        lock (gate)
        {
            if (changed is null)
            {
                readings.Clear();
                view = null;
                return null;
            }

            if (ticks++ % ModelSeconds == 0)
            {
                RefreshModels();
            }

            if (readingFleet.IsCompleted)
            {
                readingFleet = Task.Run(ReadFleet);
            }

            view = Read();
            return changed;
        }
    }

    SensorView Read()
    {
        readings.Enqueue(SensorReading.Read(sensor));
        while (readings.Count > RateSeconds + 1)
        {
            readings.Dequeue();
        }

        return new(readings.Peek(), readings.Last(), TopDocument.From(sensor.History),
            HistoryDocument.From(sensor.History, byMinute: false), HistoryDocument.From(sensor.History, byMinute: true),
            TierWaits.From(sensor.History, WaitSeconds), Volatile.Read(ref models))
        {
            Fleet = Volatile.Read(ref fleet),
        };
    }

    /// <summary>A repository that cannot be read leaves what is known as it is; the sensor's log says why.</summary>
    void ReadModels()
    {
        try
        {
            Volatile.Write(ref models, ModelsDocument.Read(sensor));
        }
        catch (InputException)
        {
        }
    }

    /// <summary>Reads the fleet, which waits for the cluster.</summary>
    void ReadFleet() => Volatile.Write(ref fleet, FleetReading.Read(sensor));

    sealed class Watcher(SensorFeed feed, Action onChange) : IDisposable
    {
        public void Dispose()
        {
            lock (feed.gate)
            {
                feed.changed -= onChange;
            }
        }
    }
}
