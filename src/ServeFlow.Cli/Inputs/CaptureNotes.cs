using ServeFlow.Cli.Terminal;
using ServeFlow.Packets.Captures;

namespace ServeFlow.Cli.Inputs;

/// <summary>Says on standard error which files of a directory are not read.</summary>
static class CaptureNotes
{
    public static void Print(SkippedFiles skipped)
    {
        foreach (var line in skipped.Describe())
        {
            Console.Error.WriteLine($"serveflow: {UserMessage.OneLine(line)}");
        }
    }
}
