using System.CommandLine;
using System.CommandLine.Parsing;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Logs;

/// <summary>The options of <c>serve</c> and <c>worker</c> that say what is logged, and how.</summary>
static class LogArguments
{
    static readonly Option<LogLevel> Level = Create("--log-level", "error|warning|info", LogLevel.Info,
        "Least level of the messages on standard error");

    static readonly Option<LogFormat> Format = Create("--log-format", "auto|text|json|journal", LogFormat.Auto,
        "Format of messages: text with time and level, JSON Lines, or as systemd's journal takes them");

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public static IReadOnlyList<SettingRow> Rows =>
        [new("logging.level", Level) { IsReloadable = true }, new("logging.format", Format)];

    public static void AddTo(Command command)
    {
        command.Options.Add(Level);
        command.Options.Add(Format);
    }

    public static (LogLevel Level, LogFormat Format) Read(ParseResult parsed) =>
        (parsed.GetValue(Level), parsed.GetValue(Format));

    /// <summary>Runs a verb that logs. An error that ends it is a message in the log's format, where that is not for
    /// people.</summary>
    public static int Run(LogFormat asked, Func<int> run)
    {
        try
        {
            return run();
        }
        catch (InputException e) when (MessageLog.Resolve(asked) is not LogFormat.Text and var format)
        {
            new MessageLog(Console.Error, format, LogLevel.Error).Write(LogLevel.Error, e.Message, DateTime.UtcNow);
            return CommandRunner.Failed;
        }
    }

    static Option<T> Create<T>(string name, string words, T value, string description)
        where T : struct, Enum => new(name)
        {
            Description = description,
            HelpName = words,
            DefaultValueFactory = _ => value,
            CustomParser = result => Parse<T>(result, name, words),
        };

    static T Parse<T>(ArgumentResult result, string name, string words) where T : struct, Enum
    {
        var text = result.Tokens is [var token] ? token.Value : "";
        foreach (var value in Enum.GetValues<T>())
        {
            if (Telemetry.SnakeCase.From(value) == text)
            {
                return value;
            }
        }

        result.AddError($"{name} '{InputException.Quote(text)}': give {words.Replace("|", " or ")}");
        return default;
    }
}
