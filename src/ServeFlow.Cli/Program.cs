using System.Runtime.InteropServices;
using ServeFlow.Cli;
using ServeFlow.Cli.Terminal;

IgnoredSignals.Heed(PosixSignal.SIGINT);
EscapingWriter.Install();
return CommandRunner.Run(RootVerbs.Create(), RawArguments.Restore(args));
