using System.CommandLine;
using ServeFlow.Cli;

var root = new RootCommand("ServeFlow names network flows from their first packet when it can, "
    + "and from as few more as it must.")
{
};

return CommandRunner.Run(root, args);
