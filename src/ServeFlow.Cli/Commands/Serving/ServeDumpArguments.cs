using System.CommandLine;
using ServeFlow.Cascade;
using ServeFlow.Cli.Configuration;
using ServeFlow.Cli.Terminal;
using ServeFlow.Serving.Sensors;
using ServeFlow.Sinks;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Provides the options of <c>serve</c> that keep the packets of chosen flows.</summary>
static class ServeDumpArguments
{
    static readonly Option<string[]> Filters = new("--dump-flows")
    {
        Description = "Keep the packets of flows by their answer: conditions on label, tier, reason and confidence, "
            + "separated by commas, such as 'label=zoom,confidence<0.7'; may be repeated to select more flows",
        HelpName = "CONDITIONS",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<string> DumpDirectory = new("--dump-to")
    {
        Description = "With --dump-flows: directory of the captures",
        HelpName = "DIR",
        DefaultValueFactory = _ => "flows",
        Validators = { PathOptions.NotEmpty },
    };

    static readonly Option<int> Megabytes = NumberOptions.Create("-C", "MB",
        "With --dump-flows: begin a new file after this many million bytes", 1, 1_000_000, 100);

    static readonly Option<double?> Seconds = NumberOptions.CreateOptional("-G", "SECONDS",
        "With --dump-flows: begin a new file after this time, by packet time", 0.001, 1e9);

    static readonly Option<int?> Files = NumberOptions.CreateOptional("-W", "FILES",
        "With --dump-flows: number of newest files to keep", 1, 1_000_000);

    static readonly Option<int> BufferMebibytes = NumberOptions.Create("--dump-buffer", "MIB",
        "With --dump-flows: memory per worker for packets of flows that are still undecided", 1, 2000, 64);

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public static IReadOnlyList<SettingRow> Rows =>
    [
        new("dump.flows", Filters), new("dump.to", DumpDirectory), new("dump.file-megabytes", Megabytes),
        new("dump.file-seconds", Seconds), new("dump.files", Files), new("dump.buffer", BufferMebibytes),
    ];

    public static void AddTo(Command command)
    {
        AddRules(command);
        foreach (var option in new Option[] { Filters, DumpDirectory, Megabytes, Seconds, Files, BufferMebibytes })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Refuses what says how packets are kept where none are.</summary>
    static void AddRules(Command command) => command.RequireWith(Filters,
        "says how the packets of chosen flows are kept: choose some with --dump-flows", DumpDirectory, Megabytes,
        Seconds, Files, BufferMebibytes);

    public static ServeDumpOptions Options(ParseResult parsed) => new()
    {
        Filters = parsed.GetValue(Filters) ?? [],
        Directory = parsed.GetRequiredValue(DumpDirectory),
        FileMegabytes = parsed.GetValue(Megabytes),
        FileTime = parsed.GetValue(Seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
        Files = parsed.GetValue(Files),
        BufferMebibytes = parsed.GetValue(BufferMebibytes),
    };

    /// <summary>Compiles what the sensor is asked for; null where no flow is chosen.</summary>
    /// <exception cref="InputException">A filter makes no sense, or no file can be made in the directory.</exception>
    public static FlowDumpOptions? Compile(ServeDumpOptions options, CascadePlan plan, ServedPlans plans)
    {
        if (options.Filters.Count == 0)
        {
            return null;
        }

        var filters = options.Filters.Select(text => Parse(text, plan, plans)).ToList();
        MakeDirectory(options.Directory);
        return new()
        {
            Filters = filters,
            Files = new()
            {
                Directory = options.Directory,
                FileBytes = options.FileMegabytes * 1_000_000L,
                FileTime = options.FileTime ?? TimeSpan.MaxValue,
                Files = options.Files ?? int.MaxValue,
            },
            KeepBytes = options.BufferMebibytes << 20,
        };
    }

    static AnswerFilter Parse(string text, CascadePlan plan, ServedPlans plans)
    {
        try
        {
            return AnswerFilter.Parse(text, plan, plans);
        }
        catch (InputException e)
        {
            throw new InputException($"{Filters.Name}: {e.Message}", e);
        }
    }

    static void MakeDirectory(string path)
    {
        OutputPlace.CheckBundle(path);
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException(
                $"--dump-to {path}: cannot be made: {e.Message.TrimEnd('.')}; give another place", e);
        }
    }
}
