using System.CommandLine;
using ServeFlow.Cli;
using ServeFlow.Cli.Commands;

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
