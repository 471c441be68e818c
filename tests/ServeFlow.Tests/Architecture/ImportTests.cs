using Xunit;

namespace ServeFlow.Tests.Architecture;

/// <summary>Who may import whom, read from the compiled code: fully qualified names count too.</summary>
public sealed class ImportTests
{
    /// <summary>The table of docs/architecture.md. A room may always use the root namespace.</summary>
    static readonly Dictionary<string, string[]> allowed = new()
    {
        ["Telemetry"] = [],
        ["Models"] = [],
        ["Packets"] = ["Telemetry"],
        ["Flows"] = ["Telemetry", "Packets"],
        ["Features"] = ["Packets", "Flows"],
        ["Units"] = ["Telemetry", "Packets", "Flows", "Features"],
        ["Cascade"] = ["Features", "Models"],
        ["Sinks"] = ["Telemetry", "Packets", "Flows", "Cascade"],
        ["Serving"] = ["Telemetry", "Models", "Packets", "Flows", "Features", "Units", "Cascade", "Sinks"],
    };

    [Fact]
    public void Core_EveryRoom_ImportsOnlyWhatTheTableAllows()
    {
        var core = typeof(InputException).Assembly;
        var violations = core.GetTypes()
            .Where(type => Room(type) is not null)
            .SelectMany(type => IlReferences.Find(type)
                .Where(named => named.Assembly == core && Room(named) is not null)
                .Where(named => Room(named) != Room(type) && !allowed[Room(type)!].Contains(Room(named)))
                .Select(named => $"{type.FullName} names {named.FullName}"));

        Assert.Empty(violations.Distinct().Order());
    }

    [Fact]
    public void Core_EveryNamespace_IsARoomOfTheTable()
    {
        var rooms = typeof(InputException).Assembly.GetTypes().Select(Room).OfType<string>().Distinct();

        Assert.Empty(rooms.Except(allowed.Keys));
    }

    [Fact]
    public void ImportTable_Architecture_SaysTheSame()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));

        foreach (var (room, imports) in allowed)
        {
            var text = imports.Length == 0 ? "nothing" : string.Join(", ", imports);
            Assert.Contains($"| {room} | {text} |", page);
        }
    }

    static string? Room(Type type)
    {
        var parts = type.Namespace?.Split('.');
        return parts is ["ServeFlow", var room, ..] ? room : null;
    }
}
