using System.CommandLine;
using ServeFlow.Cli.Commands.Serving.Delivery;
using ServeFlow.Cli.Configuration;
using ServeFlow.Sinks.Delivery;
using ServeFlow.Sinks.Formats;

namespace ServeFlow.Cli.Commands.Serving;

/// <summary>Provides the options of <c>serve</c> that say which records go where.</summary>
static class ServeSinkArguments
{
    static readonly Option<string?> Write = PathOptions.Write("Write records in --format; '-' is standard output");

    static readonly Option<string> Format = new Option<string>("--format")
    {
        Description = "Format of -w, or of standard output: EVE JSON Lines, CSV, Zeek conn.log or Parquet",
        HelpName = "eve|csv|zeek|parquet",
        DefaultValueFactory = _ => RecordFormat.Eve,
    }.OneOf([.. RecordFormat.Names]);

    static readonly Option<string?> Eve = Output("--eve", "EVE JSON Lines", "FILE|-");
    static readonly Option<string?> Csv = Output("--csv", "CSV", "FILE|-");
    static readonly Option<string?> Zeek = Output("--zeek", "Zeek conn.log", "FILE|-");

    static readonly Option<string?> Parquet =
        Output("--parquet", "Parquet, to one file, or to a directory with a file for each minute", "FILE|DIR");

    static readonly Option<string> Names = new Option<string>("--csv-names")
    {
        Description = "Column names of CSV: those of EVE, flattened, or those of NFStream",
        HelpName = "eve|nfstream",
        DefaultValueFactory = _ => "eve",
    }.OneOf("eve", "nfstream");

    static readonly Option<bool> SafeCells = OutputOptions.SafeCells();

    static readonly Option<ushort> Seed = NumberOptions.Create<ushort>("--community-id-seed", "N",
        "Seed of the Community ID, 0 to 65535; use the same in all tools", 0, ushort.MaxValue, 0);

    static readonly Option<int> Queue = NumberOptions.Create("--queue", "N",
        "Records that may wait per worker and output before further records are lost", 16, 1 << 24, 1 << 15);

    static readonly Option<ServeOutput[]> Outputs = ServeOutputItem.CreateOption();

    static readonly RecordLimitArguments Limits = new();

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public static IReadOnlyList<SettingRow> Rows =>
    [
        ServeOutputItem.CreateRow(Outputs, [Write, Format, Eve, Csv, Zeek, Parquet, .. DeliveryArguments.Receivers]),
        .. new Option[] { Names, SafeCells, Seed, Queue }.Select(option => new SettingRow(Key(option), option)),
        .. Limits.Options.Select(option => new SettingRow(Key(option), option) { IsReloadable = true }),
        .. DeliveryArguments.Rows,
    ];

    public static void AddTo(Command command)
    {
        Limits.AddTo(command);
        foreach (var option in new Option[] { Names, SafeCells })
        {
            command.Require(option,
                result => OptionRules.IsGiven(result, Csv) || result.GetValue(Format) == RecordFormat.Csv
                    || result.GetValue(Outputs)?.Any(output => output.Format == RecordFormat.Csv) == true,
                "is about CSV: give --csv FILE, or leave it out");
        }

        foreach (var option in new Option[]
            { Outputs, Write, Format, Eve, Csv, Zeek, Parquet, Names, SafeCells, Seed, Queue })
        {
            command.Options.Add(option);
        }

        DeliveryArguments.AddTo(command,
            result => result.GetValue(Outputs)?.Any(output => DeliveryFormat.Has(output.Format)) == true);
    }

    public static ServeSinkOptions Options(ParseResult parsed) => new()
    {
        FormatIsGiven = OptionRules.IsGiven(parsed.CommandResult, Format),
        Write = parsed.GetValue(Write),
        Format = parsed.GetRequiredValue(Format),
        Eve = parsed.GetValue(Eve),
        Csv = parsed.GetValue(Csv),
        Zeek = parsed.GetValue(Zeek),
        Parquet = parsed.GetValue(Parquet),
        Receivers = DeliveryArguments.ReadReceivers(parsed),
        Delivery = DeliveryArguments.Read(parsed),
        Items = parsed.GetValue(Outputs) ?? [],
        NFStreamNames = parsed.GetValue(Names) == "nfstream",
        HasSafeCells = parsed.GetValue(SafeCells),
        CommunityIdSeed = parsed.GetValue(Seed),
        Queue = parsed.GetValue(Queue),
        Limits = Limits.Read(parsed),
    };

    static string Key(Option option) => $"records.{option.Name[2..]}";

    static Option<string?> Output(string name, string what, string place) => new(name)
    {
        Description = $"Write records as {what}",
        HelpName = place,
        Validators = { PathOptions.NotEmpty },
    };
}
