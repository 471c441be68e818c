namespace ServeFlow.Cli.Tests.Architecture;

/// <summary>
/// A project's table of rooms in docs/architecture.md, a line for each: its name, what it holds, what it may import.
/// A room without lines for its sub-rooms holds them too; to name a room is to name its sub-rooms.
/// </summary>
sealed class RoomTable
{
    /// <summary>Names the room of files outside any folder. Without a line in the table it imports nothing.</summary>
    public const string Root = "(root)";

    readonly string root;
    readonly Dictionary<string, string[]> imports = [];

    RoomTable(string root) => this.root = root;

    public IEnumerable<string> Rooms => imports.Keys;

    /// <param name="project">The heading's project, such as <c>Core</c>.</param>
    /// <param name="root">The namespace that the rooms' names follow.</param>
    public static RoomTable Read(string project, string root)
    {
        var table = new RoomTable(root);
        var lines = File.ReadLines(Path.Combine(Repository.Root, "docs", "architecture.md"))
            .SkipWhile(line => line != $"## Rooms of {project}").Skip(1)
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal));
        foreach (var line in lines.Where(line => line.StartsWith('|')).Skip(2))
        {
            var cells = line.Trim('|').Split('|', StringSplitOptions.TrimEntries);
            table.imports.Add(cells[0], cells[^1] == "nothing" ? [] : cells[^1].Split(", "));
        }

        return table;
    }

    /// <summary>Finds the room that a namespace is of; null where no line names it.</summary>
    public string? Find(string name)
    {
        var path = name == root ? Root : name[(root.Length + 1)..].Replace('.', '/');
        return path == Root ? Root : imports.Keys.Where(room => IsIn(path, room)).MaxBy(room => room.Length);
    }

    /// <summary>Says whether one namespace may import another. All may use Core's own, the root of all.</summary>
    public bool Allows(string from, string to)
    {
        var (room, named) = (Find(from), Find(to));
        return room == named || to == "ServeFlow" || (room is not null && named is not null
            && imports.GetValueOrDefault(room, []).Any(allowed => IsIn(named, allowed)));
    }

    static bool IsIn(string path, string room) => path == room || path.StartsWith(room + "/", StringComparison.Ordinal);
}
