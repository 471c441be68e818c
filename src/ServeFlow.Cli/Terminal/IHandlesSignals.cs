namespace ServeFlow.Cli.Terminal;

/// <summary>Marks a verb that heeds signals itself, and takes as long as it must to finish.</summary>
interface IHandlesSignals;
