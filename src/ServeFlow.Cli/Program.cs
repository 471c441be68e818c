using ServeFlow.Cli;
using ServeFlow.Cli.Terminal;

return CommandRunner.Run(RootVerbs.Create(), args);
