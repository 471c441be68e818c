using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ServeFlow.Cli;
using ServeFlow.Cli.Terminal;

return OpenFileLimit.IsTooLow() ? CommandRunner.Failed : Run(args);

// Of its own, because to compile it takes libraries, and to load those takes open files.
[MethodImpl(MethodImplOptions.NoInlining)]
static int Run(string[] arguments)
{
    StandardFiles.Restore();

    // Models, records and messages are the same under every locale, also where the environment has the runtime use it
    // (DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0).
    CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
    CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
    IgnoredSignals.Heed(PosixSignal.SIGINT);
    EscapingWriter.Install();
    return CommandRunner.Run(RootVerbs.Create(), RawArguments.Restore(arguments));
}
