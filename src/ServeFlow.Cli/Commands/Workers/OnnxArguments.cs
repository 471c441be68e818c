using System.CommandLine;
using ServeFlow.Cli.Configuration;
using ServeFlow.Onnx;

namespace ServeFlow.Cli.Commands.Workers;

/// <summary>Represents the options that say what computes models in ONNX's format.</summary>
sealed class OnnxArguments
{
    /// <summary>Names the provider that every build of ONNX Runtime has.</summary>
    const string Cpu = "cpu";

    readonly Option<string> provider = new Option<string>("--onnx-provider")
    {
        Description = "What computes models in ONNX's format; all but 'cpu' need --onnx-library",
        HelpName = "cpu|cuda|openvino",
        DefaultValueFactory = _ => Cpu,
    }.OneOf(Cpu, "cuda", "openvino");

    readonly Option<string?> library = PathOptions.Create("--onnx-library",
        "Compute models in ONNX's format by the ONNX Runtime in this folder: libonnxruntime.so, and its providers "
        + "beside it. Default: the one that comes with serveflow", "DIR");

    readonly Option<int> threads = NumberOptions.CreateThreads("--onnx-threads",
        "Threads that share the work of one run of a model in ONNX's format", 1);

    /// <summary>Gets the settings of a configuration that these options are.</summary>
    public IReadOnlyList<SettingRow> Rows =>
    [
        new("onnx.provider", provider), new("onnx.library", library), new("onnx.threads", threads),
    ];

    public void AddTo(Command command)
    {
        foreach (var row in Rows)
        {
            command.Options.Add((Option)row.Symbol);
        }
    }

    /// <summary>Reads what was asked for.</summary>
    public OnnxOptions Read(ParseResult parsed) => new()
    {
        Provider = Enum.Parse<OnnxProvider>(parsed.GetRequiredValue(provider), ignoreCase: true),
        Threads = parsed.GetValue(threads),
    };

    /// <summary>Reads the folder of the library; null for the one that comes with the program.</summary>
    public string? ReadLibrary(ParseResult parsed) => parsed.GetValue(library);
}
