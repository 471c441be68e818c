using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using ServeFlow.Benchmarks;
using ServeFlow.Benchmarks.Figures;
using ServeFlow.Benchmarks.Promises;
using ServeFlow.Benchmarks.Scale;
using ServeFlow.Benchmarks.Transport;

var root = Root(AppContext.BaseDirectory);
if (args is ["figures", .. var options])
{
    return FigurePages.Run(root, check: options is ["--check"]);
}

if (args is ["scale", .. var scaleOptions])
{
    return ScaleVerb.Run(root, scaleOptions);
}

if (args is ["transport", .. var transportOptions])
{
    return await TransportVerb.RunAsync(transportOptions);
}

if (args is ["promise", .. var promiseOptions])
{
    return PromiseVerb.Run(promiseOptions);
}

if (args is [var verb, ..] && !verb.StartsWith('-'))
{
    Console.Error.WriteLine($"'{verb}': is no verb: give one of benchmarks/README.md, options of BenchmarkDotNet such "
        + "as --filter '*Flow*', or nothing");
    return 2;
}

// Short jobs in this process: all rooms take a minute or two. For a figure to quote, ask for more:
// --warmupCount 5 --iterationCount 20.
var artifacts = Path.Combine(root, "artifacts", "benchmarks");
var config = ManualConfig.CreateEmpty()
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithWarmupCount(2).WithIterationCount(5).WithIterationTime(TimeInterval.FromMilliseconds(200)))
    .AddColumnProvider(DefaultColumnProviders.Instance)
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddLogger(ConsoleLogger.Default)
    .WithArtifactsPath(artifacts);

var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
    .Run(args.Length > 0 ? args : ["--filter", "*"], config);
File.WriteAllText(Path.Combine(artifacts, "rooms.md"), RoomTable.Format(summaries));
return 0;

static string Root(string folder) => File.Exists(Path.Combine(folder, "ServeFlow.slnx"))
    ? folder
    : Root(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("run it from its checkout"));
