using System.CommandLine;
using ServeFlow.Cli.Commands.Benchmarks;
using ServeFlow.Cli.Commands.Evaluation;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Commands.Models;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Commands.Training;
using ServeFlow.Cli.Terminal;

var root = new RootCommand("ServeFlow names network flows from their first packet when it can, "
    + "and from as few more as it must.")
{
    DemoCommand.Create(),
    SynthCommand.Create(),
    FeaturesCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(),
    ClassifyCommand.Create(),
    ServeCommand.Create(),
    BenchCommand.Create(),
    ModelCommand.Create(),
};

return CommandRunner.Run(root, args);
