using System.Globalization;
using ServeFlow.Cli.Terminal;
using ServeFlow.Training.Reports.Documents;

namespace ServeFlow.Cli.Commands.Logs;

/// <summary>Says how much a message matters; a log has those of its level and above.</summary>
enum LogLevel
{
    Error,
    Warning,
    Info,
}

/// <summary>Says how a message is written.</summary>
enum LogFormat
{
    /// <summary>Writes as the journal of systemd takes it where standard error is that; else as text.</summary>
    Auto,

    /// <summary>Time, level and message.</summary>
    Text,

    /// <summary>An object a line.</summary>
    Json,

    /// <summary>The level as a number before the message: the journal has the time itself.</summary>
    Journal,
}

/// <summary>Represents the one stream of messages of a sensor or a worker. Callable from any thread.</summary>
/// <param name="output">Takes whole lines.</param>
/// <param name="format">Not <see cref="LogFormat.Auto"/>.</param>
/// <param name="level">The least level that is written, until another is given.</param>
sealed class MessageLog(TextWriter output, LogFormat format, LogLevel level)
{
    int level = (int)level;

    /// <summary>Gets whether messages are for people: only then may there be a line that is drawn in place.</summary>
    public bool IsText => format == LogFormat.Text;

    /// <summary>Writes messages of this level and above from now on.</summary>
    public void Use(LogLevel other) => Volatile.Write(ref level, (int)other);

    public bool Has(LogLevel of) => (int)of <= Volatile.Read(ref level);

    /// <summary>Writes a message, unless its level is not asked for.</summary>
    /// <param name="utc">When what it tells happened.</param>
    public void Write(LogLevel of, string message, DateTime utc)
    {
        if (Has(of))
        {
            WriteAnyway(of, message, utc);
        }
    }

    /// <summary>Writes a message that was asked for when it came, whatever level is asked for by now.</summary>
    /// <inheritdoc cref="Write"/>
    public void WriteAnyway(LogLevel of, string message, DateTime utc) =>
        output.WriteLine(Format(of, UserMessage.OneLine(message), utc));

    /// <summary>Reads a level: error, warning or info.</summary>
    public static bool TryParse(string word, out LogLevel level)
    {
        level = Enum.GetValues<LogLevel>().FirstOrDefault(one => Word(one) == word);
        return Word(level) == word;
    }

    /// <summary>Chooses the format that standard error calls for.</summary>
    public static LogFormat Resolve(LogFormat asked) => asked != LogFormat.Auto ? asked
        : JournalStream.IsStandardError ? LogFormat.Journal : LogFormat.Text;

    internal string Format(LogLevel of, string message, DateTime utc)
    {
        var word = Word(of);
        var time = utc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        return format switch
        {
            LogFormat.Json => DocumentJson.Format(new { Timestamp = time, Level = word, Message = message }),
            LogFormat.Journal => $"<{Priority(of)}>{message}",
            _ => $"{time} {word} serveflow: {message}",
        };
    }

    static string Word(LogLevel level) => level.ToString().ToLowerInvariant();

    /// <summary>Syslog's numbers, which sd-daemon(3) reads.</summary>
    static int Priority(LogLevel of) => of switch
    {
        LogLevel.Error => 3,
        LogLevel.Warning => 4,
        _ => 6,
    };
}
