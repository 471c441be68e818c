namespace ServeFlow.Cli.Terminal;

/// <summary>The directory that relative paths begin in, where it is of no use.</summary>
static class WorkingDirectory
{
    /// <summary>
    /// Tells why no relative path can be opened, whatever is there; null where each can. The base library makes every
    /// path absolute, and knows no name that is not UTF-8.
    /// </summary>
    public static string? FindProblem()
    {
        try
        {
            var name = Directory.GetCurrentDirectory();
            return Directory.Exists(name) ? null
                : $"the working directory {name} is gone, or its name is not UTF-8: change to another";
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            return "the working directory is gone: change to one that is there";
        }
    }
}
