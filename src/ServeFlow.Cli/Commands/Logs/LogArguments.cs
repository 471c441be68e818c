using System.CommandLine;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;

namespace ServeFlow.Cli.Commands.Logs;

/// <summary>Provides the options of <c>serve</c> and <c>worker</c> that say what is logged, and how.</summary>
static class LogArguments
{
    static readonly Option<string> Level = ChoiceOptions.Create("--log-level",
        "Lowest level of the messages on standard error", LogLevel.Info);

    static readonly Option<string> Format = ChoiceOptions.Create("--log-format",
        "Format of messages: text with time and level, JSON Lines, or as systemd's journal takes them", LogFormat.Auto);

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public static IReadOnlyList<SettingRow> Rows =>
        [new("logging.level", Level) { IsReloadable = true }, new("logging.format", Format)];

    public static void AddTo(Command command)
    {
        command.Options.Add(Level);
        command.Options.Add(Format);
    }

    public static (LogLevel Level, LogFormat Format) Read(ParseResult parsed) =>
        (parsed.GetChoice<LogLevel>(Level), parsed.GetChoice<LogFormat>(Format));

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
}
