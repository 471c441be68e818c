using ServeFlow.Units;

namespace ServeFlow.Training.Matrices;

/// <summary>Takes the units of one capture after the other and makes rows of them.</summary>
interface IRowReceiver : IUnitReceiver
{
    /// <summary>Told that a capture begins.</summary>
    /// <param name="place">The capture's place among those read.</param>
    /// <param name="name">The capture's name in rows.</param>
    void BeginCapture(int place, string name);
}
