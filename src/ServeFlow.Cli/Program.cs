using ServeFlow.Cli;
using ServeFlow.Cli.Terminal;

EscapingWriter.Install();
return CommandRunner.Run(RootVerbs.Create(), args);
