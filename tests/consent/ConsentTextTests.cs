using Fleet.Consent.Consents;

namespace Fleet.Consent.Tests;

public class ConsentTextTests
{
    [TestCase(null, "en")]
    [TestCase("", "en")]
    [TestCase("de", "de")]
    [TestCase("de-AT", "de")]
    [TestCase("SV-fi, en;q=0.8", "sv")]
    [TestCase("en;q=0.3, fr;q=0.7", "fr")]
    [TestCase("ja, nl, de;q=0.1", "de")]
    [TestCase("de;q=0, fr;q=0.1", "fr")]
    [TestCase("ja", "en")]
    [TestCase("*", "en")]
    [TestCase(";;;=,", "en")]
    public void A_reader_gets_the_text_he_prefers_or_the_English_one(string? preferred, string language) =>
        Assert.That(ConsentText.For(preferred).Language, Is.EqualTo(language));
}
