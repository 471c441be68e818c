using System.Diagnostics;

namespace ServeFlow.Cli.Terminal;

/// <summary>
/// A progress bar with the remaining time on standard error, on a terminal only; elsewhere a line each time a new
/// stage begins, so that logs stay short.
/// </summary>
sealed class ProgressLine : IDisposable
{
    const int BarWidth = 30;

    /// <summary>Often enough to look alive, seldom enough to cost nothing.</summary>
    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    readonly bool isTerminal = !Console.IsErrorRedirected;
    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly Lock gate = new();
    string stage = "";
    TimeSpan last = -Interval;
    bool drawn;

    /// <param name="done">Share of the whole work done, 0–1.</param>
    /// <param name="what">What is being done now.</param>
    public void Report(double done, string what)
    {
        if (Notes.AreQuiet)
        {
            return;
        }

        lock (gate)
        {
            if (!isTerminal)
            {
                Log(what);
                return;
            }

            if (clock.Elapsed - last < Interval && done < 1 && what == stage)
            {
                return;
            }

            last = clock.Elapsed;
            stage = what;
            Draw(Math.Clamp(done, 0, 1));
        }
    }

    /// <summary>Reports in the caller's thread, so that no report comes after the line was cleared.</summary>
    public IProgress<T> Adapt<T>(Func<T, (double Done, string What)> read) => new ProgressAdapter<T>(this, read);

    public void Dispose() => Clear();

    /// <summary>Takes the bar away, so that other lines may be written; the next report draws it again.</summary>
    public void Clear()
    {
        lock (gate)
        {
            if (drawn)
            {
                TerminalLine.Clear();
                drawn = false;
            }
        }
    }

    void Log(string what)
    {
        if (what != stage)
        {
            stage = what;
            Console.Error.WriteLine($"[{clock.Elapsed.TotalSeconds,6:F1} s] {PrintableText.Escape(what)}");
        }
    }

    void Draw(double done)
    {
        var filled = (int)(done * BarWidth);
        var bar = new string('█', filled) + new string('░', BarWidth - filled);
        var left = done > 0.02 ? $"{Span(clock.Elapsed * ((1 - done) / done))} left" : "";
        TerminalLine.Draw($"{bar} {done,4:P0}  {Span(clock.Elapsed)}  {left}  {stage}");
        drawn = true;
    }

    sealed class ProgressAdapter<T>(ProgressLine line, Func<T, (double Done, string What)> read) : IProgress<T>
    {
        public void Report(T value)
        {
            var (done, what) = read(value);
            line.Report(done, what);
        }
    }

    static string Span(TimeSpan time) => $"{(int)time.TotalMinutes}:{time.Seconds:D2}";
}
