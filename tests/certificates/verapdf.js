// Prints what veraPDF finds against PDF/A-3A and PDF/UA-1 in each file: run by the Rhino that its jar carries.
importPackage(Packages.org.verapdf.pdfa, Packages.org.verapdf.pdfa.flavours);
Packages.org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
for each (var file in arguments) {
    for each (var flavour in [PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1]) {
        var parser = Foundries.defaultInstance().createParser(new java.io.FileInputStream(file), flavour);
        var result = Foundries.defaultInstance().createValidator(flavour, false).validate(parser);
        print(flavour.getId() + " " + result.isCompliant() + " " + result.getTotalAssertions() + " " + file);
        for each (var found in result.getTestAssertions().toArray()) {
            print("  " + found.getRuleId().getClause() + " " + found.getMessage() + " " + found.getLocation().getContext());
        }
    }
}
