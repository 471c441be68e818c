using System.CommandLine;
using ServeFlow.Cli.Terminal;
using Xunit;

namespace ServeFlow.Cli.Tests.Terminal;

/// <summary>The exit code follows from the exception that ends a verb, also if several threads throw it.</summary>
public sealed class CommandRunnerTests
{
    [Fact]
    public void Run_SeveralThreadsFailAlike_EndsAsWhereOneDoes()
    {
        Assert.Equal(CommandRunner.Interrupted, Run(new OperationCanceledException()));
        Assert.Equal(CommandRunner.Interrupted,
            Run(new AggregateException(new OperationCanceledException(), new OperationCanceledException())));
        Assert.Equal(CommandRunner.Interrupted,
            Run(new AggregateException(new AggregateException(new OperationCanceledException()))));
        Assert.Equal(CommandRunner.Failed,
            Run(new AggregateException(new InputException("no capture"), new InputException("no capture"))));
    }

    static int Run(Exception failure)
    {
        var verb = new Command("fail", "Fails.");
        verb.SetRun((_, _) => throw failure);
        return CommandRunner.Run(new RootCommand { verb }, ["fail"]);
    }
}
