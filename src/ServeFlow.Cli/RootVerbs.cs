using System.CommandLine;
using ServeFlow.Cli.Commands.Benchmarks;
using ServeFlow.Cli.Commands.Configurations;
using ServeFlow.Cli.Commands.Control;
using ServeFlow.Cli.Commands.Evaluation;
using ServeFlow.Cli.Commands.Features;
using ServeFlow.Cli.Commands.Labels;
using ServeFlow.Cli.Commands.Models;
using ServeFlow.Cli.Commands.Serving;
using ServeFlow.Cli.Commands.Shells;
using ServeFlow.Cli.Commands.Training;
using ServeFlow.Cli.Commands.Workers;

namespace ServeFlow.Cli;

/// <summary>Provides the command <c>serveflow</c> with all its verbs.</summary>
static class RootVerbs
{
    public static RootCommand Create() => new("ServeFlow names network flows from their first packet when it can, "
        + "and from as few more as it must.")
    {
        DemoCommand.Create(),
        SynthCommand.Create(),
        FeaturesCommand.Create(),
        FlowsCommand.Create(),
        LabelCommand.Create(),
        TrainCommand.Create(),
        EvaluateCommand.Create(),
        FeedbackCommand.Create(),
        ReproduceCommand.Create(),
        ClassifyCommand.Create(),
        ServeCommand.Create(),
        WorkerCommand.Create(),
        ConfigCommand.Create(),
        ControlCommand.Create(),
        BenchCommand.Create(),
        ModelCommand.Create(),
        CompletionCommand.Create(),
        CompletionCommand.CreateMan(),
    };
}
