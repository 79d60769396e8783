//! The parts of a notice that only its host may read: tier 3. They never come to the hub in clear.

use hub_domain::words;

words! {
    /// A part of the sealed envelope. The hub knows that it is there, and no more.
    SealedPart("sealed part") {
        /// Name, and the name the child goes by.
        Name = "name", "Name";
        /// Date of birth.
        DateOfBirth = "date_of_birth", "Date of birth";
        /// Sex.
        Sex = "sex", "Sex";
        /// Unique pupil number, NHS number, and the consistent identifier when there is one.
        Identifiers = "identifiers", "Identifiers";
        /// Address and UPRN.
        Address = "address", "Address";
        /// Carer's or manager's name and a telephone answered day and night.
        Carer = "carer", "Carer";
        /// Who has parental responsibility, and restrictions on contact.
        ParentalResponsibility = "parental_responsibility", "Parental responsibility and contact";
        /// The assessment of needs, and why this placement suits best.
        Needs = "needs", "Needs and why this placement";
        /// The care plan.
        CarePlan = "care_plan", "Care plan";
        /// Risks: missing, exploitation, harm; each said, "none" and "not known" too.
        Risks = "risks", "Risks";
        /// What is done about them.
        RiskPlan = "risk_plan", "Risk plan";
        /// Youth justice and remand.
        YouthJustice = "youth_justice", "Youth justice";
    }
}
