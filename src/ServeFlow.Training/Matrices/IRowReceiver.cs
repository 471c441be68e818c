using ServeFlow.Units;

namespace ServeFlow.Training.Matrices;

/// <summary>Takes the units of one capture after the other and makes rows of them.</summary>
interface IRowReceiver : IUnitReceiver
{
    /// <summary>Told that a capture begins.</summary>
    /// <param name="place">The capture's place among those read.</param>
    /// <param name="name">The capture's name in rows.</param>
    void BeginCapture(int place, string name);

    /// <summary>Told that a capture begins which is read as one with those before.</summary>
    /// <inheritdoc cref="BeginCapture"/>
    void JoinCapture(string name);
}
