using System.Reflection;
using Xunit;

namespace ServeFlow.Cli.Tests.Architecture;

/// <summary>Who may import whom, read from the compiled code: fully qualified names count too.</summary>
public sealed class ImportTests
{
    /// <summary>The projects under src, each with what it compiles to.</summary>
    static readonly Dictionary<string, Assembly> products =
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder))
            .ToDictionary(name => name, name => Assembly.Load(name == "ServeFlow.Cli" ? "serveflow" : name));

    [Theory]
    [InlineData("Core", "ServeFlow")]
    [InlineData("Training", "ServeFlow.Training")]
    [InlineData("Cluster", "ServeFlow.Cluster")]
    [InlineData("Cli", "ServeFlow.Cli")]
    public void Project_EveryRoom_ImportsOnlyWhatTheTableAllows(string project, string root)
    {
        var table = RoomTable.Read(project, root);
        var own = products[$"ServeFlow.{project}"];
        var violations = own.GetTypes().Where(IsProduct).SelectMany(type => IlReferences.Find(type)
            .Where(named => named.Assembly == own && IsProduct(named))
            .Where(named => !table.Allows(type.Namespace!, named.Namespace!))
            .Select(named => $"{type.FullName} names {named.FullName}"));

        Assert.Empty(violations.Distinct().Order());
    }

    [Theory]
    [InlineData("Core", "ServeFlow")]
    [InlineData("Training", "ServeFlow.Training")]
    [InlineData("Cluster", "ServeFlow.Cluster")]
    [InlineData("Cli", "ServeFlow.Cli")]
    public void Project_Rooms_AreThoseOfTheTable(string project, string root)
    {
        var table = RoomTable.Read(project, root);
        var own = products[$"ServeFlow.{project}"];
        var found = own.GetTypes().Where(IsProduct).Select(type => table.Find(type.Namespace!)).ToHashSet();

        Assert.DoesNotContain(null, found);
        Assert.Equal(table.Rooms.Append(RoomTable.Root).Distinct().Order(),
            found.Append(RoomTable.Root).Distinct().Order());
    }

    [Fact]
    public void Namespaces_WholeSolution_ImportEachOtherInOneDirection()
    {
        var imports = products.Values.SelectMany(assembly => assembly.GetTypes()).Where(IsProduct)
            .SelectMany(type => IlReferences.Find(type).Where(IsProduct)
                .Select(named => (From: type.Namespace!, To: named.Namespace!)))
            .Where(import => import.From != import.To).ToHashSet();

        Assert.NotEmpty(imports);
        Assert.Empty(ImportCycles.Find(imports));
    }

    static bool IsProduct(Type type) =>
        type.Namespace?.Split('.')[0] == "ServeFlow" && products.ContainsValue(type.Assembly);
}
